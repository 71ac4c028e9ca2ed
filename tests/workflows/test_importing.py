"""What an import counts and keeps: each message once, nothing lost, and nothing changed by importing it again."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.database import Database
from tests.conftest import SettableClock
from tests.workflows.mailbox import ANNA, answer, mail, newsletter, write
from tests.workflows.pipeline import Pipeline, policy, totals

CONVERSATION = (mail(), answer("one@client.example"), newsletter())


def labelled(labels: str, text: str = "Could you send me the signed offer?") -> bytes:
    return mail(text, headers={"X-Gmail-Labels": labels})


async def test_a_first_import_is_all_new(pipeline: Pipeline) -> None:
    run = await pipeline.take(*CONVERSATION)

    assert totals(run) == (3, 0, 0, 0)
    assert (run.tasks_new, run.tasks_not_for_us, run.tasks_updated) == (2, 1, 0)
    assert run.state == "succeeded"


async def test_the_same_file_again_changes_nothing_at_all(pipeline: Pipeline) -> None:
    await pipeline.take(*CONVERSATION, labelled("Inbox,Work"), mail("Strange", id=None))
    before = await pipeline.dump()
    pipeline.clock.advance(days=1)

    run = await pipeline.take(*CONVERSATION, labelled("Inbox,Work"), mail("Strange", id=None))

    assert totals(run) == (0, 0, 5, 0)
    assert (run.tasks_new, run.tasks_updated) == (0, 0)
    assert await pipeline.dump() == before


async def test_a_file_that_grew_adds_only_what_is_new(pipeline: Pipeline) -> None:
    await pipeline.take(*CONVERSATION)

    run = await pipeline.take(*CONVERSATION, mail("One thing more.", id="three@client.example", at="2026-03-02T11:00"))

    assert totals(run) == (1, 0, 3, 0)


async def test_the_same_message_twice_in_one_file_is_unchanged_the_second_time(pipeline: Pipeline) -> None:
    assert totals(await pipeline.take(mail(), mail())) == (1, 0, 1, 0)
    pipeline.in_pages_of(1)
    assert totals(await pipeline.take(mail(id="x@y.example"), mail(id="x@y.example"))) == (1, 0, 1, 0)


async def test_a_different_message_with_the_same_id_is_kept_as_its_own(pipeline: Pipeline) -> None:
    other = mail("Something else entirely.", at="2026-03-02T09:30", subject="Lunch")

    assert totals(await pipeline.take(mail(), other)) == (2, 0, 0, 0)
    assert totals(await pipeline.take(mail(), other)) == (0, 0, 2, 0)
    assert [item.subject for item in await pipeline.items()] == ["The signed offer", "Lunch"]


async def test_different_messages_with_the_same_id_all_count_in_the_facts(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(mail(), mail("And the annex, please?", at="2026-03-02T09:30"))

    values = await on_sqlite.values()

    assert (values["replies"], values["follow_ups"]) == (1, 1)


async def test_a_copy_that_a_list_changed_on_its_way_counts_once_in_the_facts(on_sqlite: Pipeline) -> None:
    """Cc to a person and to a list: two copies of one message, the list's with a footer."""
    await on_sqlite.take(mail(), mail("Could you send me the signed offer?\n\n____\noffers mailing list"))

    assert (await on_sqlite.values())["replies"] == 0


async def test_labels_that_changed_count_as_updated_and_change_the_facts(pipeline: Pipeline) -> None:
    await pipeline.take(labelled("Inbox,Unread"))
    version = (await pipeline.task()).version

    run = await pipeline.take(labelled("Inbox,Opened,Starred,Work"))

    values = await pipeline.values()
    assert totals(run) == (0, 1, 0, 0)
    assert run.tasks_updated == 1
    assert (values["starred"], values["unread"]) == (True, False)
    assert "Work" in values["source_labels"]
    assert (await pipeline.task()).version > version


async def test_two_copies_with_different_labels_in_one_file_do_not_take_turns(pipeline: Pipeline) -> None:
    copies = (labelled("Inbox,Unread"), labelled("Archive,Starred"))
    assert totals(await pipeline.take(*copies)) == (1, 0, 1, 0)
    before = await pipeline.dump()

    for size in (250, 1):
        pipeline.in_pages_of(size)
        assert totals(await pipeline.take(*copies)) == (0, 0, 2, 0)

    assert await pipeline.dump() == before


async def test_mail_without_an_id_is_the_same_at_every_import(pipeline: Pipeline) -> None:
    nameless = (mail("First", id=None), mail("Second", id=None), mail("First", id=None))

    assert totals(await pipeline.take(*nameless)) == (2, 0, 1, 0)
    assert totals(await pipeline.take(*reversed(nameless))) == (0, 0, 3, 0)


async def test_what_a_mail_program_noted_in_the_headers_makes_no_new_message(pipeline: Pipeline) -> None:
    await pipeline.take(mail(id=None, headers={"Status": "O"}))

    run = await pipeline.take(mail(id=None, headers={"Status": "RO"}))

    assert totals(run) == (0, 1, 0, 0)


async def test_integrations_are_kept_apart_and_the_conversation_is_one(pipeline: Pipeline) -> None:
    await pipeline.take(mail(), into="home")
    run = await pipeline.take(mail(), into="office")

    assert totals(run) == (1, 0, 0, 0)
    assert run.tasks_new == 0
    assert len(await pipeline.items((await pipeline.task()).id)) == 2
    assert (await pipeline.values())["replies"] == 0


async def test_one_broken_message_is_kept_with_a_warning_and_hinders_no_other(pipeline: Pipeline) -> None:
    broken = b"From: \xff\xfe\nDate: yesterday, I think\nContent-Type: multipart/mixed\n\n\x00\x00 Hello \xff"

    run = await pipeline.take(mail(), broken, newsletter())

    assert totals(run) == (3, 0, 0, 0)
    assert run.warnings >= 1


async def test_an_empty_place_in_a_mailbox_is_refused_by_name(pipeline: Pipeline) -> None:
    run = await pipeline.take(mail(), b"", newsletter())

    assert totals(run) == (2, 0, 0, 1)


async def test_a_file_that_vanished_fails_the_run_with_a_sentence(on_sqlite: Pipeline) -> None:
    run = await on_sqlite.take_file(on_sqlite.folder / "gone.mbox", kind="mbox")

    assert run.state == "failed"
    assert run.error is not None
    assert "it is not there any more" in run.error["detail"]


@pytest.mark.parametrize(("ours", "hint"), [((), True), (("us@watch.example",), False)])
async def test_a_mailbox_whose_owner_nobody_named_gives_a_hint(
    on_sqlite: Pipeline, ours: tuple[str, ...], hint: bool
) -> None:
    on_sqlite.judged_by(policy(*ours))

    run = await on_sqlite.take(
        *(mail(id=f"{n}@x.example", headers={"Delivered-To": "us@watch.example"}) for n in range(4))
    )

    assert ("OUR_ADDRESSES=us@watch.example" in (run.hint or "")) is hint


senders = st.sampled_from([ANNA, "us@watch.example", "noreply@bank.example", "", "\udcff"])
ids = st.sampled_from(["a@x.example", "b@x.example", "c@x.example", None])


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=300))
    made = mail(
        draw(st.text(max_size=40)).encode("utf-8", "replace").decode(),
        id=draw(ids),
        sender=draw(senders).encode("utf-8", "replace").decode(),
        refs=draw(ids) or "",
        subject=draw(st.sampled_from(["Offer", "Re: Offer", "", "=?utf-8?q?=ff?=", "Fwd: Re: Offer"])),
        headers={"X-Gmail-Labels": draw(st.sampled_from(["Inbox", "Work,Starred", ""]))},
    )
    cut = draw(st.integers(0, 9))
    return made[: len(made) // 2] if cut == 0 else made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(messages(), max_size=8), more=st.lists(messages(), max_size=4), size=st.integers(1, 5))
async def test_read_is_always_the_sum_and_the_second_time_nothing_is_new(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, first: list[bytes], more: list[bytes], size: int
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    shutil.copyfile(sqlite_template, folder / "w.db")
    database = Database(f"sqlite+aiosqlite:///{folder / 'w.db'}")
    pipeline = Pipeline(database, SettableClock(), folder, page_size=size)
    path = write(folder / "mail.mbox", [*first, *more])

    counted = totals(await pipeline.take_file(path, kind="mbox"))
    stored = await pipeline.dump()
    again = totals(await pipeline.take_file(path, kind="mbox"))

    assert (again[0], again[1]) == (0, 0)
    assert again[2] == counted[0] + counted[1] + counted[2]
    assert await pipeline.dump() == stored
    await database.close()
