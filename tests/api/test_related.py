"""Related tasks and duplicates over HTTP."""

from pathlib import Path

import pytest

from app.core import paging
from app.records import Work
from tests.api.client import TASKS, Api, database_of, locations, problem
from tests.conftest import SettableClock
from tests.workflows.given import ASKING, BEN, line, row, take
from tests.workflows.pipeline import Pipeline

HEX = "0123456789abcdef0123456789abcdef"
URL = f"https://www.notion.example/Migrate-the-billing-{HEX}"


@pytest.fixture
def pipeline(api: Api, clock: SettableClock, tmp_path: Path) -> Pipeline:
    return Pipeline(database_of(api), clock, tmp_path)


async def test_a_row_the_thread_that_links_to_it_and_the_mail_about_it_belong_together(
    api: Api, pipeline: Pipeline
) -> None:
    await take(pipeline, row(HEX, work=Work(own_ids=("OPS-123",))), kind="notion")
    thread = line(1, f"{ASKING} For {URL}", links=(f"notion:{HEX}",))
    await take(pipeline, thread, line(2, "I will", BEN, after=1))
    about = line(3, "Where do we stand?", BEN, subject="OPS-123?", keys=("m@mail.example",), loose=False, list_id="")
    await take(pipeline, about, kind="mbox")
    billing, chat, mail = [task.id for task in await pipeline.tasks()]

    page = await api.get(f"/tasks/{billing}/related")

    assert [(each["task"]["id"], each["relation"], each["because"]) for each in page["items"]] == [
        (chat, "linked_from", f"Links here: “{URL}”."),
        (mail, "mentions_title", "Its opening names this row's id: “OPS-123”."),
    ]
    assert (page["next_cursor"], page["has_more"]) == (None, False)
    assert [each["task"]["source"]["kind"] for each in page["items"]] == ["slack", "mbox"]

    for each in page["items"]:
        assert each["may_merge"]
        await api.verb(each["task"]["id"], "merge", into=billing)

    assert (await api.get(f"/tasks/{billing}/related"))["items"] == []
    assert len((await api.get(f"/tasks/{billing}/items"))["items"]) == 4


async def test_parts_of_a_conversation_that_was_taken_apart_know_each_other(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING), line(2, "And could you call Ben, please?", BEN, after=1))
    task = await pipeline.task()
    answer = (await pipeline.items(task.id))[1].id
    made = (await api.verb(task.id, "split", items=[answer]))["new_task"]["id"]

    (found,) = (await api.get(f"/tasks/{made}/related"))["items"]

    assert (found["task"]["id"], found["relation"], found["item"]) == (task.id, "same_thread_elsewhere", answer)
    assert not found["duplicate"]


async def test_duplicates_are_merged_or_dismissed(api: Api) -> None:
    ids = [(await api.create(title))["id"] for title in ("Renew the certificate", "renew the CERTIFICATE!", "Else")]

    (pair,) = (await api.get("/tasks/duplicates"))["items"]
    assert (pair["task"]["id"], pair["other"]["id"]) == (ids[1], ids[0])
    assert pair["because"] == "Both are called “Renew the certificate” and began on the same day."

    for _ in range(2):
        said = await api.http.post(f"{TASKS}/{ids[0]}/related/{ids[1]}/dismiss")
        assert (said.status_code, said.content) == (204, b"")
    assert (await api.get("/tasks/duplicates"))["items"] == []
    assert (await api.get(f"/tasks/{ids[0]}/related"))["items"] == []


async def test_a_dismissal_can_be_taken_back(api: Api) -> None:
    one, other = [(await api.create("Renew the certificate"))["id"] for _ in range(2)]
    await api.http.post(f"{TASKS}/{one}/related/{other}/dismiss")

    for _ in range(2):
        answer = await api.http.delete(f"{TASKS}/{other}/related/{one}/dismiss")
        assert (answer.status_code, answer.content) == (204, b"")

    assert len((await api.get("/tasks/duplicates"))["items"]) == 1
    assert len((await api.get(f"/tasks/{one}/related"))["items"]) == 1
    problem(await api.http.delete(f"{TASKS}/{one}/related/999/dismiss"), 404)


async def test_what_was_dismissed_of_one_holds_for_the_task_it_is_merged_into(api: Api) -> None:
    one, other, whole = [(await api.create("Renew the certificate"))["id"] for _ in range(3)]
    await api.http.post(f"{TASKS}/{one}/related/{other}/dismiss")

    merged = await api.verb(one, "merge", into=whole)

    assert (await api.get("/tasks/duplicates"))["items"] == []
    assert (await api.get(f"/tasks/{other}/related"))["items"] == []
    await api.post(f"/undo/{merged['undo']['token']}")
    assert [each["task"]["id"] for each in (await api.get(f"/tasks/{other}/related"))["items"]] == [whole]


async def test_what_a_message_unites_stays_apart_from_what_was_dismissed(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, row(HEX), kind="notion")
    await take(pipeline, line(1, ASKING), line(5, f"{ASKING} For {URL}", links=(f"notion:{HEX}",)))
    billing, first, second = [task.id for task in await pipeline.tasks()]
    await api.http.post(f"{TASKS}/{billing}/related/{second}/dismiss")

    keys = ("slack:C1/6", "slack:C1/1", "slack:C1/5")
    await take(pipeline, line(6, "Both are the same", BEN, after=1, keys=keys))

    assert [task.id for task in await pipeline.tasks()] == [billing, first]
    assert (await api.get(f"/tasks/{billing}/related"))["items"] == []


async def test_a_merged_pair_is_no_duplicate_any_more(api: Api) -> None:
    one, other = [(await api.create("Renew the certificate"))["id"] for _ in range(2)]

    await api.verb(one, "merge", into=other)

    assert (await api.get("/tasks/duplicates"))["items"] == []
    assert (await api.get(f"/tasks/{other}/related"))["items"] == []
    problem(await api.http.get(f"{TASKS}/{one}/related"), 404)


async def test_duplicates_come_in_pages(api: Api) -> None:
    for _ in range(2):
        for name in ("ants", "bees", "cats"):
            await api.create(f"The matter of {name}")

    first = await api.http.get(f"{TASKS}/duplicates", params={"limit": 2})
    body = first.json()
    rest = await api.get("/tasks/duplicates", limit=2, cursor=body["next_cursor"])

    titles = [each["task"]["title"] for each in (*body["items"], *rest["items"])]
    assert titles == ["The matter of cats", "The matter of bees", "The matter of ants"]
    assert 'rel="next"' in first.headers["Link"]
    assert (body["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize("place", range(3))
async def test_a_cursor_with_a_number_that_no_task_can_bear_is_refused(api: Api, place: int) -> None:
    key = [1, 1, 1]
    key[place] = 2**62

    refused = await api.http.get(f"{TASKS}/duplicates", params={"cursor": paging.encode("duplicates", key)})

    assert locations(problem(refused, 422)) == ["query.cursor"]


async def test_what_is_not_there_is_told(sqlite_api: Api) -> None:
    task = (await sqlite_api.create("A task"))["id"]

    problem(await sqlite_api.http.get(f"{TASKS}/999/related"), 404)
    problem(await sqlite_api.http.post(f"{TASKS}/{task}/related/999/dismiss"), 404)
    problem(await sqlite_api.http.post(f"{TASKS}/{task}/related/{task}/dismiss"), 422)
    refused = problem(await sqlite_api.http.get(f"{TASKS}/duplicates", params={"cursor": "nonsense"}), 422)
    assert locations(refused) == ["query.cursor"]


async def test_two_rows_of_tables_stay_two_tasks(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, row("a" * 32), row("b" * 32), kind="notion")
    one, other = [task.id for task in await pipeline.tasks()]

    (pair,) = (await api.get("/tasks/duplicates"))["items"]
    refused = problem(await api.http.post(f"{TASKS}/{one}/merge", json={"into": other}), 409)

    assert pair["may_merge"] is False
    assert "rows at their source" in refused["detail"]
    assert (await api.get(f"/tasks/{one}"))["version"] == (await pipeline.tasks())[0].version
    assert len(await pipeline.tasks()) == 2


async def test_a_pair_that_may_be_merged_says_so(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, row(HEX), kind="notion")
    await api.create("Migrate the billing")

    assert [pair["may_merge"] for pair in (await api.get("/tasks/duplicates"))["items"]] == [True]
