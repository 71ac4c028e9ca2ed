"""Why a task stands where it stands: lines that add up, now and at any other time."""

from datetime import timedelta
from fractions import Fraction

from app.domains.ranking.catalogue import CATALOGUE
from tests.api.client import TASKS, Api, Document, message, problem
from tests.conftest import START, SettableClock

MAILS = (
    message("Broken pump", "It is urgent. Please send another by Friday.", id="a@x.example"),
    message(
        "Re: Broken pump",
        "Any news? This costs us $4,000 a day.",
        id="b@x.example",
        reply_to="a@x.example",
        date="Mon, 02 Mar 2026 08:30:00 +0000",
    ),
    message("Lunch", "At noon?", id="c@x.example", sender="Zoe <zoe@example.org>"),
)


def total(score: Document) -> Fraction:
    return sum((Fraction(str(line["points"])) for line in score["contributions"]), Fraction(0))


def due(score: Document) -> Fraction:
    """What the deadline alone gives."""
    return sum(
        (Fraction(str(line["points"])) for line in score["contributions"] if line["fact"] == "due_at"), Fraction(0)
    )


async def test_the_lines_add_up_to_the_points_of_the_task(api: Api, clock: SettableClock) -> None:
    await api.import_mail(*MAILS)
    await api.create("By hand", due_at=(START + timedelta(hours=3)).isoformat(), priority="high", labels=["a"])
    for _ in range(3):
        for task in (await api.get("/tasks"))["items"]:
            score = await api.get(f"/tasks/{task['id']}/score")
            assert total(score) == Fraction(str(score["points"])) == Fraction(str(task["points"]))
            assert score["score"] == min(100, max(0, score["points"]))
            for name in ("score", "band", "tier", "valid_until", "reasons"):
                assert score[name] == task[name]
        clock.advance(hours=31)
        while await api.jobs.keep_scores():
            pass


async def test_every_line_says_why_and_where_that_stands(api: Api) -> None:
    await api.import_mail(*MAILS)
    task = (await api.get("/tasks"))["items"][0]

    score = await api.get(f"/tasks/{task['id']}/score")

    items = {
        item["id"]: f"{item['subject']} {item['text']}"
        for item in (await api.get(f"/tasks/{task['id']}/items"))["items"]
    }
    quoted = [line for line in score["contributions"] if line["quote"]]
    assert task["title"] == "Broken pump"
    assert quoted
    assert all(line["because"] and line["title"] for line in score["contributions"])
    assert all(line["quote"].strip("…") in items[line["item"]] for line in quoted)
    assert score["also_checked"]
    assert {line["outcome"] for line in score["also_checked"]} <= {"no", "unknown"}
    assert all(line["because"] for line in score["also_checked"])


async def test_every_line_shows_the_fact_it_rests_on_and_where_to_look(api: Api) -> None:
    await api.import_mail(*MAILS)
    task = (await api.get("/tasks"))["items"][0]
    await api.patch(task["id"], priority="high")

    score = await api.get(f"/tasks/{task['id']}/score")

    lines = {line["rule"]: line for line in score["contributions"]}
    assert (lines["urgent"]["value"], lines["urgent"]["source"]) == (True, "item")
    assert (lines["priority-high"]["value"], lines["priority-high"]["source"]) == ("high", "person")
    assert lines["urgent"]["link"] == f"/api/v1/tasks/{task['id']}/items"
    assert lines["priority-high"]["link"] is None
    due = next(line for line in score["contributions"] if line["fact"] == "due_at")
    assert due["value"] == task["due_at"]


async def test_the_rank_is_the_place_in_the_queue(api: Api, clock: SettableClock) -> None:
    await api.import_mail(*MAILS)
    for title in ("One", "Two", "Three"):
        await api.create(title)
    tasks = [task["id"] for task in (await api.get("/tasks"))["items"]]

    ranks = [(await api.get(f"/tasks/{task}/score"))["rank"] for task in tasks]

    assert ranks == [1, 2, 3, 4, 5]
    assert (await api.get(f"/tasks/{tasks[0]}/score", at=(START - timedelta(days=1)).isoformat()))["rank"] is None
    await api.verb(tasks[0], "complete")
    assert (await api.get(f"/tasks/{tasks[0]}/score"))["rank"] is None
    assert (await api.get(f"/tasks/{tasks[1]}/score"))["rank"] == 1


async def test_the_sum_can_be_made_by_another_ruleset_which_gives_no_place_in_the_queue(api: Api) -> None:
    task = (await api.create(priority="urgent"))["id"]

    for word, version in (("eisenhower", 1), ("eisenhower@1", 1), ("default", 1)):
        score = await api.get(f"/tasks/{task}/score", ruleset=word)
        assert score["ruleset"] == {"name": word.partition("@")[0], "version": version}
        assert (score["rank"], total(score)) == (None, Fraction(str(score["points"])))
    important = await api.get(f"/tasks/{task}/score", ruleset="eisenhower")
    assert important["contributions"][0]["because"] == "Important: its priority is urgent"
    assert (await api.get(f"/tasks/{task}/score"))["ruleset"]["name"] == "default"


async def test_a_stored_ruleset_is_meant_by_its_name_and_version(api: Api) -> None:
    task = (await api.create())["id"]
    for points in (5, 7):
        rule = {"id": "all", "title": "All", "say": "So it is", "when": "'title' in known", "points": points}
        await api.post(
            "/rulesets/mine", {"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "rules": [rule]}
        )

    words = ("mine", "mine@1", "mine@2")
    assert [(await api.get(f"/tasks/{task}/score", ruleset=word))["points"] for word in words] == [7, 5, 7]


async def test_a_ruleset_that_is_not_there_can_make_no_sum(sqlite_api: Api) -> None:
    task = (await sqlite_api.create())["id"]

    for word in ("mine", "default@99"):
        problem(await sqlite_api.http.get(f"{TASKS}/{task}/score", params={"ruleset": word}), 404)
    problem(await sqlite_api.http.get(f"{TASKS}/{task}/score", params={"ruleset": "a.toml"}), 422)


async def test_what_is_known_of_a_task_is_told_with_where_it_comes_from(api: Api) -> None:
    await api.import_mail(*MAILS)
    task = next(t["id"] for t in (await api.get("/tasks"))["items"] if t["title"] == "Broken pump")
    await api.patch(task, priority="high")

    found = await api.get(f"/tasks/{task}/facts")

    assert (found["task"], found["at"], found["basis"]) == (task, "2026-03-02T09:00:00Z", "present")
    facts = {fact["name"]: fact for fact in found["facts"]}
    assert len(facts) == len(found["facts"])
    urgent, priority = facts["says_urgent"], facts["priority"]
    assert (urgent["type"], urgent["value"], urgent["source"]) == ("bool", True, "item")
    assert urgent["quote"]
    assert urgent["item"]
    assert (priority["value"], priority["source"], priority["quote"], priority["item"]) == (
        "high",
        "person",
        None,
        None,
    )
    assert "scheduled_at" not in facts
    assert list(facts) == [name for name in CATALOGUE if name in facts]


async def test_what_was_known_at_another_time_is_told_too(api: Api) -> None:
    await api.import_mail(*MAILS)
    task = next(t["id"] for t in (await api.get("/tasks"))["items"] if t["title"] == "Broken pump")

    then = await api.get(f"/tasks/{task}/facts", at=(START - timedelta(minutes=45)).isoformat())
    now = await api.get(f"/tasks/{task}/facts")

    assert then["basis"] == "reconstructed"
    money = [{fact["name"]: fact["value"] for fact in found["facts"]}.get("money") for found in (then, now)]
    assert money == [None, 4000.0]


async def test_a_score_can_be_asked_for_at_any_time(api: Api) -> None:
    await api.import_mail(*MAILS)
    task = next(t["id"] for t in (await api.get("/tasks"))["items"] if t["title"] == "Broken pump")

    at = {
        "before it all": START - timedelta(days=2),
        "between the messages": START - timedelta(minutes=45),
        "now": START,
        "the day before": START + timedelta(days=3),
        "long overdue": START + timedelta(days=30),
    }
    found = {name: await api.get(f"/tasks/{task}/score", at=time.isoformat()) for name, time in at.items()}

    assert all(total(score) == Fraction(str(score["points"])) for score in found.values())
    assert found["now"]["points"] > found["between the messages"]["points"] > found["before it all"]["points"]
    assert found["the day before"]["points"] > found["now"]["points"]
    assert due(found["long overdue"]) > due(found["the day before"]) > due(found["now"])
    assert found["now"] == await api.get(f"/tasks/{task}/score")
    assert "$4,000" not in str(found["between the messages"]["contributions"])


async def test_a_question_about_another_time_changes_nothing(api: Api) -> None:
    task = await api.create(due_at=(START + timedelta(days=2)).isoformat())

    await api.get(f"/tasks/{task['id']}/score", at=(START + timedelta(days=9)).isoformat())

    assert await api.task(task["id"]) == task


async def test_what_is_no_task_has_no_score_items_or_history(sqlite_api: Api) -> None:
    for path in ("score", "facts", "items", "history"):
        missing = problem(await sqlite_api.http.get(f"{TASKS}/7/{path}"), 404)
        assert missing["detail"] == "There is no task 7."


async def test_an_item_is_shown_as_it_was_read(api: Api) -> None:
    await api.import_mail(
        message(
            "Offer",
            "See below.\n\nOn Monday Ben wrote:\n> Do you sell pumps?\n\n-- \nAna",
            sender="Ana Torres <ana@example.org>",
            date="Mon, 02 Mar 2026 09:00:00 +0200",
            Cc="Zoe <zoe@example.org>",
        )
    )
    task = (await api.get("/tasks"))["items"][0]["id"]

    (item,) = (await api.get(f"/tasks/{task}/items"))["items"]

    assert item["sender"] == {"name": "Ana Torres", "address": "ana@example.org"}
    assert item["cc"] == [{"name": "Zoe", "address": "zoe@example.org"}]
    assert (item["text"], "Do you sell pumps?" in item["quoted"]) == ("See below.", True)
    assert item["sent_at"] == "2026-03-02T09:00:00+02:00"
    assert (item["integration"], item["problems"]) == ("mbox", [])
