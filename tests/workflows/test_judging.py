"""What people said of who is who changes how tasks are judged: in every process, and only as far as it was said."""

from sqlalchemy import select

from app.domains.people import service
from app.domains.people.models import Identity
from app.domains.tasks.models import Task
from app.records import Person
from app.workflows import rescoring
from app.workflows.judging import Judge, with_people
from tests.workflows.given import ANNA, ASKING, line, take
from tests.workflows.mailbox import US, mail
from tests.workflows.pipeline import Pipeline, policy

OUR_ID = Person("Uma Sand", "slack:u1")


async def person_of(pipeline: Pipeline, address: str) -> int:
    async with pipeline.database.reading() as session:
        query = select(Identity.person_id).where(Identity.address == address)
        return (await session.execute(query)).scalar_one()


async def join(pipeline: Pipeline, source: str, into: str) -> None:
    one, other = await person_of(pipeline, source), await person_of(pipeline, into)
    async with pipeline.database.writing() as session:
        await service.merge(session, one, other, now=pipeline.clock())


async def catch_up(pipeline: Pipeline) -> int:
    """Lets the loop do what is due; returns how many tasks were derived again."""
    derived = 0
    while True:
        async with pipeline.database.reading() as session:
            present = await pipeline.work.judge.policy(session)
        done = await rescoring.do_what_is_due(pipeline.database, present, now=pipeline.clock())
        derived += done.derived
        if not done.total:
            return derived


async def thread(pipeline: Pipeline) -> Task:
    (task,) = [task for task in await pipeline.tasks() if task.kind == "slack"]
    return task


async def test_once_our_slack_id_is_joined_with_our_mail_a_thread_that_we_answered_is_theirs(
    pipeline: Pipeline,
) -> None:
    await pipeline.take(mail())
    await take(pipeline, line(1, ASKING), line(2, "Sent. Could you confirm?", OUR_ID, after=1))
    assert (await thread(pipeline)).turn is None

    await join(pipeline, "slack:u1", US)
    await catch_up(pipeline)

    assert (await thread(pipeline)).turn == "theirs"


async def test_a_person_of_two_addresses_takes_part_once(pipeline: Pipeline) -> None:
    other = Person("Anna", "anna@private.example")
    await take(pipeline, line(1, ASKING), line(130, "Any news?", other, after=1))
    assert (await pipeline.facts((await thread(pipeline)).id))["participants"].value == 2

    await join(pipeline, other.address, ANNA.address)
    await catch_up(pipeline)

    facts = await pipeline.facts((await thread(pipeline)).id)
    assert facts["participants"].value == 1
    assert facts["follow_ups"].value == 1


async def test_later_replies_from_either_address_still_find_their_conversation(pipeline: Pipeline) -> None:
    await pipeline.take(
        mail(subject="The lease", sender="Anna <anna@private.example>"),
        mail(subject="Other", id="two@client.example", sender="Anna <anna@client.example>"),
    )
    await join(pipeline, "anna@private.example", "anna@client.example")
    await catch_up(pipeline)

    reply = mail(subject="Re: The lease", id="three@x.example", at="2026-03-02T09:00", sender="anna@private.example")
    await pipeline.take(reply)

    assert sorted(task.title for task in await pipeline.tasks()) == ["Other", "The lease"]


async def test_tasks_are_derived_again_once_and_only_after_people_said_something(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    assert await catch_up(pipeline) == 0

    await take(pipeline, line(1, ASKING, Person("Somebody New", "slack:u9")))
    assert await catch_up(pipeline) == 0

    await join(pipeline, "slack:u9", "anna@client.example")
    assert await catch_up(pipeline) == len(await pipeline.tasks())
    assert await catch_up(pipeline) == 0


async def test_another_process_judges_alike(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await take(pipeline, line(1, ASKING, OUR_ID))
    other = Judge(pipeline.work.policy)
    async with pipeline.database.reading() as session:
        assert await other.policy(session) == pipeline.work.policy

    await join(pipeline, "slack:u1", US)

    async with pipeline.database.reading() as session:
        seen = await other.policy(session)
        assert seen.fingerprint == (await pipeline.work.judge.policy(session)).fingerprint
    assert seen.us.includes("slack:u1")
    assert seen.aliases == {"slack:u1": US}


async def test_importing_the_same_again_leaves_people_alone(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await take(pipeline, line(1, ASKING))
    await join(pipeline, "anna@client.example", US)
    before = await pipeline.dump()

    await pipeline.take(mail())
    await take(pipeline, line(1, ASKING))

    after = await pipeline.dump()
    assert {name: after[name] for name in ("people", "identities")} == {
        name: before[name] for name in ("people", "identities")
    }


def test_who_has_an_address_of_our_domain_is_us_under_every_address() -> None:
    rows = [(1, False, "slack:u1"), (1, False, "ana@ours.example"), (2, False, "ben@x.example"), (2, False, "slack:u2")]

    found = with_people(policy("@ours.example"), rows)

    assert found.us.addresses == ("@ours.example", "slack:u1")
    assert found.aliases == {"slack:u1": "ana@ours.example", "slack:u2": "ben@x.example"}


def test_who_is_important_stays_so_under_the_address_that_stands_for_them() -> None:
    rows = [(1, False, "boss@x.example"), (1, False, "boss@y.example")]

    found = with_people(policy(important=("@y.example",)), rows)

    assert found.important_senders == ("@y.example", "boss@x.example")


def test_without_anything_said_the_policy_is_that_of_the_settings() -> None:
    settled = policy(US)

    assert with_people(settled, []) == settled
    assert with_people(settled, []).fingerprint == settled.fingerprint
