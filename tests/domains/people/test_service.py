"""Meeting people: by whoever comes first, as often as they come, and whatever they are called."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from app.core.database import Database
from app.core.errors import Conflict, Problem
from app.domains.people import service, suggestions
from app.domains.people.models import Identity, KnownPerson
from app.records import Automation, Item, Person, Work
from tests.conftest import START

ANA, BEN = Person("Ana Ruiz", "ana@x.example"), Person("Ben Ode", "ben@x.example")


async def meet(database: Database, found: Sequence[Person]) -> None:
    async with database.writing() as session:
        await service.meet(session, found, "mbox", now=START)


async def counts(database: Database) -> tuple[int, int]:
    """People and addresses."""
    async with database.reading() as session:
        people = (await session.execute(select(func.count()).select_from(KnownPerson))).scalar_one()
        return people, (await session.execute(select(func.count()).select_from(Identity))).scalar_one()


async def test_several_imports_at_once_meet_everybody_once(database: Database) -> None:
    crowd = [Person(f"Guest {n}", f"guest{n}@x.example") for n in range(40)]

    await asyncio.gather(*(meet(database, crowd[shift:] + crowd[:shift]) for shift in range(0, 40, 10)))

    assert await counts(database) == (40, 40)


async def test_joining_while_an_import_meets_them_again_loses_nobody(database: Database) -> None:
    await meet(database, [ANA, BEN])
    async with database.reading() as session:
        ids = list((await session.execute(select(KnownPerson.id).order_by(KnownPerson.id))).scalars())

    async def join(source: int, target: int) -> None:
        async with database.writing() as session:
            await service.merge(session, source, target, now=START)

    done = await asyncio.gather(
        meet(database, [ANA, BEN, Person("Kim", "kim@x.example")]),
        join(ids[0], ids[1]),
        join(ids[1], ids[0]),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Problem) for each in done) == 1
    assert sum(isinstance(each, Exception) for each in done) == 1
    assert await counts(database) == (2, 3)


async def test_a_person_holds_only_so_many_addresses(sqlite_database: Database) -> None:
    await meet(sqlite_database, [Person("", f"{n}@x.example") for n in range(service.MOST_ADDRESSES + 1)])

    async with sqlite_database.writing() as session:
        for other in range(2, service.MOST_ADDRESSES + 1):
            await service.merge(session, other, 1, now=START)
        with pytest.raises(Conflict, match="more than 100 addresses"):
            await service.merge(session, service.MOST_ADDRESSES + 1, 1, now=START)


async def test_a_common_name_and_many_namesakes_cost_no_more_than_one_look(sqlite_database: Database) -> None:
    await meet(sqlite_database, [Person("Jan Novak", f"jan{n}@x{n}.example") for n in range(450)])

    async with sqlite_database.reading() as session:
        found = await suggestions.find(session, after=0, limit=50)

    assert (found.suggestions, found.following) == ([], None)


def test_everybody_of_an_item_counts_and_nobody_of_what_a_program_wrote() -> None:
    item = Item(
        external_id="1", sent_at=START, sender=ANA, recipients=(BEN,), work=Work(assignees=(Person("Kim", "kim"),))
    )
    automatic = Item(external_id="2", sent_at=START, sender=BEN, automation=Automation("bot", "A robot."))

    assert service.people_of([item, automatic]) == [ANA, Person("Kim", "kim"), BEN]


@pytest.mark.parametrize(
    ("name", "address", "list_id"),
    [
        ("Jimenez via USRP-users", "usrp-users@lists.radio.example", "usrp-users.lists.radio.example"),
        ("", "usrp-users@lists.radio.example", ""),
        ("Ana Ruiz via Sign", "sign@documents.example", ""),
        ("Team", "team@x.example", "team.x.example"),
        ("Team", "team@x.example", "Team.X.example"),
        ("Team", "team-bounces+9@x.example", "team.x.example"),
        ("", "team@x.example", "team@x.example"),
        ("", "team@googlegroups.com", ""),
    ],
)
def test_a_mailing_list_is_nobody(name: str, address: str, list_id: str) -> None:
    listed = Person(name, address)
    sent = Item(external_id="1", sent_at=START, sender=listed, recipients=(BEN,), copied=(listed,), list_id=list_id)

    assert service.people_of([sent]) == [BEN]


@pytest.mark.parametrize(
    ("name", "address", "list_id"),
    [
        ("Olivia Via Lopez", "via@x.example", ""),
        ("Ana", "ana@x.example", "#ops"),
        ("Lists", "lists@x.example", "ops.x.example"),
    ],
)
def test_who_only_looks_like_a_list_is_somebody(name: str, address: str, list_id: str) -> None:
    item = Item(external_id="1", sent_at=START, sender=Person(name, address), list_id=list_id)

    assert service.people_of([item]) == [Person(name, address)]


def test_of_an_item_to_hundreds_not_all_are_met() -> None:
    crowd = tuple(Person("", f"{n}@x.example") for n in range(300))

    assert len(service.people_of([Item(external_id="1", sent_at=START, sender=ANA, recipients=crowd)])) == 50
