"""Merging two tasks into one, and splitting one in two."""

from tests.api.client import TASKS, Api, Document, locations, message, problem


async def conversation(api: Api, name: str, size: int = 1) -> Document:
    """A task of `size` messages."""
    first = f"0@{name}.example"
    await api.import_mail(
        *(message(name, f"{name} {n}?", id=f"{n}@{name}.example", reply_to=first if n else "") for n in range(size))
    )
    tasks: list[Document] = (await api.get("/tasks"))["items"]
    return next(task for task in tasks if task["title"] == name)


async def texts(api: Api, task: int) -> list[str]:
    return [item["text"] for item in (await api.get(f"/tasks/{task}/items"))["items"]]


async def test_a_merge_moves_everything_into_the_task_that_stays(api: Api) -> None:
    source, target = await conversation(api, "alpha", 2), await conversation(api, "beta")
    await api.patch(source["id"], labels=["a", "both"], notes="From alpha.")
    await api.patch(target["id"], labels=["b", "both"], notes="From beta.")

    merged = (await api.verb(source["id"], "merge", into=target["id"]))["task"]

    assert merged["id"] == target["id"]
    assert merged["labels"] == ["a", "b", "both"]
    assert merged["notes"] == "From beta.\n\nFrom alpha."
    assert sorted(await texts(api, target["id"])) == ["alpha 0?", "alpha 1?", "beta 0?"]
    assert await api.titles() == ["beta"]


async def test_a_merge_loses_nothing_that_a_person_set(api: Api) -> None:
    fields = {"due_at": "2026-03-03T09:00:00Z", "assignee": "ana", "priority": "high", "project": "pumps"}
    source = (await api.create("source", **fields))["id"]
    target = (await api.create("target", priority="low"))["id"]

    merged = (await api.verb(source, "merge", into=target))["task"]

    assert {name: merged[name] for name in ("title", *fields)} == fields | {"title": "target", "priority": "low"}


async def test_what_is_left_to_do_of_a_merged_task_is_still_to_be_done(api: Api) -> None:
    source, target = (await api.create("source"))["id"], (await api.create("target"))["id"]
    waiting = (await api.create("waiting", dependencies=[target]))["id"]
    free = (await api.create("free"))["points"]
    await api.verb(target, "complete")
    assert (await api.task(waiting))["points"] == free

    merged = await api.verb(source, "merge", into=target)

    assert merged["task"]["status"] == "open"
    assert (await api.task(waiting))["points"] < free
    await api.post(f"/undo/{merged['undo']['token']}")
    assert (await api.task(target))["status"] == "done"
    assert (await api.task(waiting))["points"] == free


async def test_a_merged_task_says_where_it_went(api: Api) -> None:
    source, target = (await api.create("a"))["id"], (await api.create("b"))["id"]
    await api.verb(source, "merge", into=target)

    gone = problem(await api.http.get(f"{TASKS}/{source}"), 404)

    assert gone["detail"] == f"Task {source} was merged into task {target}."
    assert gone["merged_into"] == target


async def test_later_replies_follow_a_merge(api: Api) -> None:
    source, target = await conversation(api, "alpha"), await conversation(api, "beta")
    await api.verb(source["id"], "merge", into=target["id"])

    await api.import_mail(message("Re: alpha", "Any news?", id="n@alpha.example", reply_to="0@alpha.example"))

    assert "Any news?" in await texts(api, target["id"])
    assert len(await api.titles()) == 1


async def test_the_same_import_again_leaves_a_merge_alone(api: Api) -> None:
    source, target = await conversation(api, "alpha"), await conversation(api, "beta")
    merged = (await api.verb(source["id"], "merge", into=target["id"]))["task"]

    run = await api.import_mail(message("alpha", "alpha 0?", id="0@alpha.example"))

    assert run["unchanged"] == 1
    assert (await api.task(target["id"]))["version"] == merged["version"]


async def test_a_task_merges_neither_into_itself_nor_into_nothing(api: Api) -> None:
    task = (await api.create())["id"]
    gone = (await api.create())["id"]
    await api.delete(gone)

    itself = problem(await api.http.post(f"{TASKS}/{task}/merge", json={"into": task}), 422)
    assert locations(itself) == ["body.into"]
    problem(await api.http.post(f"{TASKS}/{task}/merge", json={"into": 999}), 404)
    problem(await api.http.post(f"{TASKS}/{task}/merge", json={"into": gone}), 404)


async def test_a_merge_takes_over_what_was_waited_for_and_who_waits(api: Api) -> None:
    needed, source, target, waiting = [(await api.create(name))["id"] for name in ("n", "s", "t", "w")]
    await api.patch(source, dependencies=[needed])
    await api.patch(waiting, dependencies=[source])

    merged = (await api.verb(source, "merge", into=target))["task"]

    assert merged["dependencies"] == [needed]
    assert (await api.task(waiting))["dependencies"] == [target]


async def test_a_merge_that_would_close_a_circle_is_a_conflict(api: Api) -> None:
    source, between, target = [(await api.create(name))["id"] for name in ("s", "b", "t")]
    await api.patch(source, dependencies=[between])
    await api.patch(between, dependencies=[target])

    problem(await api.http.post(f"{TASKS}/{source}/merge", json={"into": target}), 409)

    assert (await api.task(source))["dependencies"] == [between]


async def test_tasks_that_wait_for_each_other_may_become_one(api: Api) -> None:
    source, target = (await api.create("s"))["id"], (await api.create("t"))["id"]
    await api.patch(source, dependencies=[target])

    assert (await api.verb(source, "merge", into=target))["task"]["dependencies"] == []


async def test_a_split_makes_a_task_of_some_items(api: Api) -> None:
    task = await conversation(api, "alpha", 3)
    items = (await api.get(f"/tasks/{task['id']}/items"))["items"]

    answer = await api.verb(task["id"], "split", items=[items[1]["id"], items[1]["id"]])

    made = answer["new_task"]["id"]
    assert await texts(api, made) == ["alpha 1?"]
    assert await texts(api, task["id"]) == ["alpha 0?", "alpha 2?"]
    assert answer["task"]["id"] == task["id"]
    assert answer["new_task"]["source"]["integration"] == "mbox"


async def test_a_later_reply_follows_the_item_it_answers(api: Api) -> None:
    task = await conversation(api, "alpha", 2)
    items = (await api.get(f"/tasks/{task['id']}/items"))["items"]
    made = (await api.verb(task["id"], "split", items=[items[1]["id"]]))["new_task"]["id"]

    await api.import_mail(
        message("Re: alpha", "To the first?", id="r0@x.example", reply_to="0@alpha.example"),
        message("Re: alpha", "To the second?", id="r1@x.example", reply_to="1@alpha.example"),
    )

    assert await texts(api, task["id"]) == ["alpha 0?", "To the first?"]
    assert await texts(api, made) == ["alpha 1?", "To the second?"]


async def test_a_split_needs_items_of_the_task_and_leaves_some(api: Api) -> None:
    task, other = await conversation(api, "alpha", 2), await conversation(api, "beta")
    items = [item["id"] for item in (await api.get(f"/tasks/{task['id']}/items"))["items"]]
    strangers = [item["id"] for item in (await api.get(f"/tasks/{other['id']}/items"))["items"]]

    for wrong in (items, strangers, [*items[:1], 999], []):
        response = await api.http.post(f"{TASKS}/{task['id']}/split", json={"items": wrong})
        assert locations(problem(response, 422)) == ["body.items"]
    assert len(await texts(api, task["id"])) == 2
