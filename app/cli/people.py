"""`watchfloor people`: who is known, who may be one, and saying so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings

if TYPE_CHECKING:
    from app.domains.people.schemas import PersonOut, SuggestionOut
    from app.settings import Settings

cli = typer.Typer(name="people", help="Who is who: one person under several addresses, and who is one of us.")

_SHOWN = 100
PersonId = Annotated[
    int, typer.Argument(help="The person's id, as `watchfloor people` shows it.", min=1, max=2**31 - 1)
]


@cli.callback(invoke_without_command=True)
def people(
    context: typer.Context,
    words: Annotated[str, typer.Option("-q", help="Only those whose name or an address holds these words.")] = "",
    suggestions: Annotated[bool, typer.Option("--suggestions", help="Pairs that may be one, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Who is known, with all addresses; or who may be one."""
    if context.invoked_subcommand:
        return
    given = settings()
    if suggestions:
        found = run(given, _suggestions(given))
        if as_json:
            print_json(found)
        else:
            _print_suggestions(found)
    else:
        known = run(given, _people(given, words))
        if as_json:
            print_json(known)
        else:
            _print_people(known)


@cli.command()
def merge(
    person: PersonId,
    into: Annotated[int, typer.Argument(help="The person who stays.", min=1, max=2**31 - 1)],
    as_json: AsJson = False,
) -> None:
    """Two are one: move every address of the first to the second."""
    given = settings()
    _print_one(run(given, _merged(given, person, into)), as_json=as_json)


@cli.command()
def separate(
    person: PersonId,
    address: Annotated[str, typer.Argument(help="The address to take out.")],
    as_json: AsJson = False,
) -> None:
    """Take one address out into a person of its own."""
    given = settings()
    _print_one(run(given, _separated(given, person, address)), as_json=as_json)


@cli.command()
def us(
    person: PersonId,
    no: Annotated[bool, typer.Option("--no", help="Not one of us.")] = False,
    as_json: AsJson = False,
) -> None:
    """This is one of us, under every address."""
    given = settings()
    _print_one(run(given, _us(given, person, is_us=not no)), as_json=as_json)


async def _people(given: "Settings", words: str) -> "list[PersonOut]":
    from app.domains.people import service, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        found = await service.page(session, words=words, after=0, limit=_SHOWN)
        return await views.people_out(session, found)


async def _suggestions(given: "Settings") -> "list[SuggestionOut]":
    from app.domains.people import suggestions, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        found = await suggestions.find(session, after=0, limit=_SHOWN)
        return await views.suggestions_out(session, found.suggestions)


async def _merged(given: "Settings", source: int, target: int) -> "PersonOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.people import service, views  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        return await views.person_out(session, await service.merge(session, source, target, now=utc_now()))


async def _separated(given: "Settings", person_id: int, address: str) -> "PersonOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.people import service, views  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        own, _ = await service.separate(session, person_id, address.strip().lower(), now=utc_now())
        return await views.person_out(session, own)


async def _us(given: "Settings", person_id: int, *, is_us: bool) -> "PersonOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.people import service, views  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        person = await service.get(session, person_id, lock=True)
        await service.edit(session, person, is_us=is_us, now=utc_now())
        return await views.person_out(session, person)


def _print_one(person: "PersonOut", *, as_json: bool) -> None:
    if as_json:
        print_json(person)
    else:
        say(_line(person))


def _print_people(found: "Sequence[PersonOut]") -> None:
    for person in found:
        say(_line(person))
    if not found:
        say("Nobody is known by that.")
    if len(found) == _SHOWN:
        say(f"… and perhaps more: {called()} people -q WORDS")


def _print_suggestions(found: "Sequence[SuggestionOut]") -> None:
    for each in found:
        say(f"{each.strength}\n  {_line(each.a)}\n  {_line(each.b)}")
        for sentence in each.evidence:
            say(f"    {sentence}")
        say(f"    If so: {called()} people merge {each.b.id} {each.a.id}\n")
    if not found:
        say("Nobody seems to be known twice.")


def _line(person: "PersonOut") -> str:
    addresses = ", ".join(identity.address for identity in person.identities)
    named = f"{person.name}: {addresses}" if person.name else addresses
    return f"{person.id:>6}  {named}{'  (one of us)' if person.is_us else ''}"
