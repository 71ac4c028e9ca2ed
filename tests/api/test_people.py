"""Who is who over HTTP: people are met at import, proposed as one with evidence, joined and taken apart by people."""

from typing import Any

import httpx
import pytest

from tests.api.client import Api, Document, locations, message, ok, problem

PEOPLE = "/api/v1/people"


async def met(api: Api, *senders: str, to: str = "support@example.com") -> dict[str, Document]:
    """Everybody known, by address, once each sender wrote a message of their own."""
    await api.import_mail(*(message(f"Matter {n}", sender=sender, to=to) for n, sender in enumerate(senders)))
    return await everybody(api)


async def everybody(api: Api) -> dict[str, Document]:
    found = (await api.get("/people", limit=200))["items"]
    return {identity["address"]: person for person in found for identity in person["identities"]}


async def suggested(api: Api) -> list[tuple[str, str, str]]:
    page = await api.get("/people/suggestions")
    return [(each["a"]["address"], each["b"]["address"], each["strength"]) for each in page["items"]]


async def patch(api: Api, person: Document, **fields: Any) -> httpx.Response:
    return await api.http.patch(f"{PEOPLE}/{person['id']}", json=fields)


async def merge(api: Api, source: Document, into: Document) -> Document:
    return await api.post(f"/people/{source['id']}/merge", {"into": into["id"]})


async def test_everybody_of_a_message_is_met_as_a_person_of_their_own(api: Api) -> None:
    await api.import_mail(message(sender="Ana Ruiz <ana@x.example>", Cc="Ben Ode <ben@y.example>"))

    people = await everybody(api)

    assert {address: person["name"] for address, person in people.items()} == {
        "ana@x.example": "Ana Ruiz",
        "support@example.com": "",
        "ben@y.example": "Ben Ode",
    }
    assert len({person["id"] for person in people.values()}) == 3
    assert people["ana@x.example"]["identities"] == [{"address": "ana@x.example", "name": "Ana Ruiz", "kind": "mbox"}]


async def test_who_sends_by_a_program_is_nobody(api: Api) -> None:
    await api.import_mail(message(sender="Prices <news@shop.example>", List_Unsubscribe="<https://shop.example/u>"))

    assert await everybody(api) == {}


async def test_the_same_import_again_meets_nobody_new(api: Api) -> None:
    before = await met(api, "Ana Ruiz <ana@x.example>")

    assert await met(api, "Ana Ruiz <ana@x.example>") == before


async def test_a_full_name_takes_the_place_of_half_of_one_and_none_that_a_person_gave(api: Api) -> None:
    people = await met(api, "Ana <ana@x.example>", "ben@x.example")
    ok(await patch(api, people["ben@x.example"], name="Benny"))

    await api.import_mail(
        message("Later", sender="Ana Ruiz <ana@x.example>"), message("Also", sender="Ben Ode <ben@x.example>")
    )

    people = await everybody(api)
    assert people["ana@x.example"]["name"] == "Ana Ruiz"
    assert people["ben@x.example"]["name"] == "Benny"


async def test_people_are_found_by_words_of_name_and_address_and_come_in_pages(api: Api) -> None:
    await met(api, "Ána Ruíz <ana@x.example>", "Ben Ode <ben@x.example>", "Kim Lee <kim@y.example>")

    assert [p["name"] for p in (await api.get("/people", q="ruiz ana"))["items"]] == ["Ána Ruíz"]
    assert [p["name"] for p in (await api.get("/people", q="x.example ODE"))["items"]] == ["Ben Ode"]
    assert (await api.get("/people", q="50%"))["items"] == []
    first = await api.get("/people", q="example", limit=2)
    rest = await api.get("/people", q="example", limit=2, cursor=first["next_cursor"])
    assert len(first["items"]) == len(rest["items"]) == 2
    assert not rest["has_more"]
    problem(await api.http.get(PEOPLE, params={"cursor": first["next_cursor"]}), 422)


async def test_the_same_name_under_two_addresses_is_proposed_with_its_evidence(api: Api) -> None:
    await met(api, "Ana Ruiz <ana@x.example>", "Ben Ode <ben@x.example>", '"Ruiz, Ana" <ar@y.example>')

    (found,) = (await api.get("/people/suggestions"))["items"]

    assert (found["a"]["address"], found["b"]["address"]) == ("ana@x.example", "ar@y.example")
    assert found["evidence"] == ["“Ana Ruiz” and “Ruiz, Ana” are the same name, and nobody else bears it."]
    assert found["strength"] == "likely"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.na@gmail.com", "ana@googlemail.com"),
        ("ana@gmail.com", "a.na+list@gmail.com"),
        ("a.na@googlemail.com", "a.na@gmail.com"),
        ("ana+jira@x.example", "ana@x.example"),
    ],
)
async def test_one_mailbox_is_proposed_once_in_whichever_order_its_addresses_came(
    sqlite_api: Api, one: str, other: str
) -> None:
    await met(sqlite_api, one, other)

    assert await suggested(sqlite_api) == [(one, other, "strong")]


async def test_a_name_that_three_people_bear_is_proposed_for_none_of_them(api: Api) -> None:
    await met(api, *(f"Jan Novak <jn{n}@x{n}.example>" for n in range(3)))

    assert await suggested(api) == []


async def test_people_of_one_conversation_are_not_proposed_by_their_name_alone(api: Api) -> None:
    await api.import_mail(message(sender="Ana Ruiz <ana@x.example>", Cc="Ana Ruiz <other@y.example>"))

    assert await suggested(api) == []


async def test_what_was_dismissed_is_never_proposed_again(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>")
    pair = {"a": people["ar@y.example"]["id"], "b": people["ana@x.example"]["id"]}

    dismissed = await api.post("/people/suggestions/dismiss", pair)

    assert dismissed == {"dismissed": sorted(pair.values())}
    assert await api.post("/people/suggestions/dismiss", pair) == dismissed
    assert await suggested(api) == []


async def test_a_dismissal_can_be_taken_back(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>")
    pair = {"a": people["ar@y.example"]["id"], "b": people["ana@x.example"]["id"]}
    await api.post("/people/suggestions/dismiss", pair)

    for _ in range(2):
        answer = await api.http.delete("/api/v1/people/suggestions/dismiss", params=pair)
        assert (answer.status_code, answer.content) == (204, b"")

    assert len(await suggested(api)) == 1
    problem(await api.http.delete("/api/v1/people/suggestions/dismiss", params=pair | {"a": 999}), 404)


async def test_what_was_dismissed_of_one_holds_for_whom_they_are_joined_with(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>", "Kim <kim@z.example>")
    ana, other, kim = (people[a] for a in ("ana@x.example", "ar@y.example", "kim@z.example"))
    await api.post("/people/suggestions/dismiss", {"a": ana["id"], "b": other["id"]})

    joined = await merge(api, ana, kim)

    assert joined["name"] == "Ana Ruiz"
    assert await suggested(api) == []


async def test_suggestions_come_in_pages_and_none_twice(sqlite_api: Api) -> None:
    names = ("Ana Ruiz", "Ben Ode", "Kim Lee", "Eva Moss", "Tom Hale")
    await met(sqlite_api, *(f"{name} <{name[0]}{n}@x{n}.example>" for name in names for n in range(2)))

    cursor, found = None, []
    for _ in range(10):
        page = await sqlite_api.get("/people/suggestions", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [each["a"]["name"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == list(names)


async def test_a_merge_moves_every_address_and_is_taken_back_address_by_address(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>")
    ana, other = people["ana@x.example"], people["ar@y.example"]

    joined = await merge(api, other, ana)

    assert [identity["address"] for identity in joined["identities"]] == ["ana@x.example", "ar@y.example"]
    assert joined["id"] == ana["id"]
    assert await suggested(api) == []
    problem(await api.http.get(f"{PEOPLE}/{other['id']}"), 404)

    apart = await api.post(f"/people/{ana['id']}/separate", {"address": "AR@y.example "})

    assert [identity["address"] for identity in apart["person"]["identities"]] == ["ana@x.example"]
    assert apart["separated"]["name"] == "Ana Ruiz"
    assert await suggested(api) == []


async def test_who_was_separated_can_be_joined_again(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>")
    ana, other = people["ana@x.example"], people["ar@y.example"]
    await merge(api, other, ana)
    apart = await api.post(f"/people/{ana['id']}/separate", {"address": "ar@y.example"})

    joined = await merge(api, apart["separated"], ana)

    assert len(joined["identities"]) == 2


async def test_the_address_first_met_stands_for_a_person(api: Api) -> None:
    people = await met(api, "Zoe Ruiz <zoe@x.example>", "Ben Ode <ben@x.example>", "Zoe Ruiz <ana@y.example>")

    joined = await merge(api, people["ana@y.example"], people["zoe@x.example"])

    assert joined["address"] == "zoe@x.example"
    assert [each["address"] for each in joined["identities"]] == ["zoe@x.example", "ana@y.example"]


async def test_a_repeated_merge_happens_once(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ana Ruiz <ar@y.example>")
    path, body = f"/people/{people['ar@y.example']['id']}/merge", {"into": people["ana@x.example"]["id"]}

    first = await api.post(path, body, Idempotency_Key="once")

    assert await api.post(path, body, Idempotency_Key="once") == first


async def test_what_can_not_be_joined_or_taken_apart_is_said(api: Api) -> None:
    people = await met(api, "Ana Ruiz <ana@x.example>", "Ben Ode <ben@x.example>")
    ana, ben = people["ana@x.example"]["id"], people["ben@x.example"]["id"]

    async def refused(path: str, body: Any, status: int) -> Document:
        return problem(await api.http.post(f"{PEOPLE}/{path}", json=body), status)

    assert locations(await refused(f"{ana}/merge", {"into": ana}, 422)) == ["body.into"]
    await refused(f"{ana}/merge", {"into": 999}, 404)
    await refused("999/merge", {"into": ana}, 404)
    assert locations(await refused(f"{ana}/separate", {"address": "ben@x.example"}, 422)) == ["body.address"]
    await refused(f"{ana}/separate", {"address": "ana@x.example"}, 409)
    assert locations(await refused("suggestions/dismiss", {"a": ben, "b": ben}, 422)) == ["body.b"]
    await refused("suggestions/dismiss", {"a": ben, "b": 999}, 404)
    problem(await patch(api, people["ana@x.example"], name=None), 422)
    problem(await patch(api, people["ana@x.example"], name="\x00"), 422)


async def test_who_is_one_of_us_is_us_in_every_conversation(api: Api) -> None:
    await api.import_mail(
        message("The lease", "Could you send me the lease?", id="l@x.example", sender="Ana Ruiz <ana@x.example>"),
        message(
            "Re: The lease",
            "Here it is. Could you confirm?",
            sender="Eva Moss <eva@private.example>",
            to="ana@x.example",
            date="Mon, 02 Mar 2026 08:30:00 +0000",
            reply_to="l@x.example",
        ),
    )
    (task,) = (await api.get("/tasks"))["items"]
    assert task["turn"] == "ours"

    ok(await patch(api, (await everybody(api))["eva@private.example"], is_us=True))
    while await api.jobs.keep_scores():
        pass

    assert (await api.task(task["id"]))["turn"] == "theirs"
