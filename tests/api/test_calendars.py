"""Calendars over HTTP: what is built in, one's own, and what is wrong with one."""

from typing import Any

from tests.api.client import Api, Document, locations, ok, problem

CALENDARS = "/api/v1/calendars"
OFFICE: Document = {
    "zone": "Europe/Berlin",
    "hours": {"monday": ["09:00-12:00", "13:00-17:00"]},
    "holidays": ["2026-12-25", {"on": "2026-05-01", "name": "Labour Day"}],
}


async def put(api: Api, name: str, **body: Any) -> Document:
    return ok(await api.http.put(f"{CALENDARS}/{name}", json=OFFICE | body))


async def test_office_hours_and_around_the_clock_are_built_in(api: Api) -> None:
    always, office = (await api.get("/calendars"))["items"]

    assert (always["name"], always["version"], always["created_at"]) == ("always", 0, None)
    assert (office["name"], office["zone"], office["author"]) == ("office", "UTC", "watchfloor")
    assert await api.get("/calendars/office") == office
    problem(await api.http.get(f"{CALENDARS}/berlin"), 404)


async def test_a_calendar_is_kept_in_versions_with_author_and_note(api: Api) -> None:
    first = await put(api, "office", author="ana", note="We moved")
    second = await put(api, "office", zone="Asia/Tokyo")

    assert (first["version"], first["changed"], first["author"], first["note"]) == (1, True, "ana", "We moved")
    assert first["holidays"] == [{"on": "2026-05-01", "name": "Labour Day"}, "2026-12-25"]
    assert (second["version"], second["zone"]) == (2, "Asia/Tokyo")
    assert (await api.get("/calendars/office"))["version"] == 2


async def test_the_name_can_stand_in_the_body(api: Api) -> None:
    made = ok(await api.http.put(CALENDARS, json=OFFICE | {"name": "berlin"}))

    assert (made["name"], made["version"]) == ("berlin", 1)
    assert locations(problem(await api.http.put(CALENDARS, json=OFFICE), 422)) == ["body.name"]
    other = await api.http.put(f"{CALENDARS}/tokyo", json=OFFICE | {"name": "berlin"})
    assert locations(problem(other, 422)) == ["body.name"]


async def test_what_was_got_can_be_put_and_changes_nothing(api: Api) -> None:
    await put(api, "office", note="We moved")

    for name in ("office", "always"):
        shown = await api.get(f"/calendars/{name}")
        again = ok(await api.http.put(f"{CALENDARS}/{name}", json=shown | {"author": ""}))
        assert again == shown | {"changed": False}


async def test_everything_wrong_is_told_with_its_place(api: Api) -> None:
    body = {"zone": "Berlin", "hours": {"monday": ["17:00-09:00"], "mon": []}, "holidays": ["May"], "when": None}

    found = problem(await api.http.put(f"{CALENDARS}/own", json=body), 422)

    assert "when" in locations(found)
    body.pop("when")
    found = problem(await api.http.put(f"{CALENDARS}/own", json=body), 422)
    assert len(found["problems"]) == 4
    assert "did you mean 'Europe/Berlin'?" in str(found["problems"])
    problem(await api.http.put(f"{CALENDARS}/own", json=OFFICE | {"note": 5}), 422)
    problem(await api.http.put(f"{CALENDARS}/own", json=OFFICE | {"note": "\x00"}), 422)
    problem(await api.http.put(f"{CALENDARS}/always", json=OFFICE), 422)
    problem(await api.http.put(f"{CALENDARS}/Own", json=OFFICE), 422)


async def test_calendars_come_in_pages_by_name(sqlite_api: Api) -> None:
    await put(sqlite_api, "berlin")

    first = await sqlite_api.get("/calendars", limit=2)
    rest = await sqlite_api.get("/calendars", limit=2, cursor=first["next_cursor"])

    assert [each["name"] for each in first["items"] + rest["items"]] == ["always", "berlin", "office"]
    assert not rest["has_more"]
    problem(await sqlite_api.http.get(CALENDARS, params={"cursor": "x"}), 422)


async def test_every_version_can_be_looked_at(api: Api) -> None:
    await put(api, "office", author="ana", note="We moved")
    await put(api, "office", zone="Asia/Tokyo")
    await put(api, "berlin")

    office = (await api.get("/calendars/office/versions"))["items"]

    assert [(each["version"], each["zone"]) for each in office] == [
        (2, "Asia/Tokyo"),
        (1, "Europe/Berlin"),
        (0, "UTC"),
    ]
    for each in office:
        assert await api.get("/calendars/office", version=each["version"]) == each
    assert [each["version"] for each in (await api.get("/calendars/berlin/versions"))["items"]] == [1]
    missing = problem(await api.http.get(f"{CALENDARS}/office", params={"version": 3}), 404)
    assert missing["detail"] == "There is no version 3 of the calendar 'office'."
    problem(await api.http.get(f"{CALENDARS}/berlin", params={"version": 0}), 404)
    missing = problem(await api.http.get(f"{CALENDARS}/ofice/versions"), 404)
    assert missing["detail"] == "There is no calendar 'ofice'; did you mean 'office'?"


async def test_versions_of_a_calendar_come_in_pages(sqlite_api: Api) -> None:
    await put(sqlite_api, "office")
    await put(sqlite_api, "office", zone="Asia/Tokyo")

    seen, cursor = [], None
    for _ in range(3):
        page = await sqlite_api.get("/calendars/office/versions", limit=1, **({"cursor": cursor} if cursor else {}))
        seen += [each["version"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert (seen, cursor) == ([2, 1, 0], None)
