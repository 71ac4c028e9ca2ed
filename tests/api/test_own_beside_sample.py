"""What people bring in beside the sample company stays theirs when the sample is cleared."""

from app.workflows.sample import loading
from tests.api.client import Api, locations, mbox, message, problem
from tests.api.test_sample import SAMPLE, loaded


async def test_nothing_of_ones_own_is_imported_into_the_sample(api: Api) -> None:
    await loaded(api)
    name = loading.NAMES["mbox"]

    refused = problem(await api.upload(mbox(message("My own contract")), into=name), 422)

    assert refused["detail"] == f"{name} holds the sample data: import into another name."
    assert locations(refused) == ["into"]
    await api.import_mail(message("My own contract"))
    assert (await api.http.delete(SAMPLE)).status_code == 204
    assert await api.titles() == ["My own contract"]


async def test_who_was_joined_with_a_colleague_of_the_sample_is_none_of_us_without_it(api: Api) -> None:
    await api.import_mail(message("Hello", sender="Zoe Real <zoe@real.example>"))
    await loaded(api)
    people = (await api.get("/people", limit=200))["items"]
    zoe = next(person["id"] for person in people if person["name"] == "Zoe Real")
    colleague = next(person["id"] for person in people if person["is_us"])
    assert (await api.post(f"/people/{colleague}/merge", {"into": zoe}))["is_us"]
    while await api.jobs.keep_scores():
        pass

    await api.http.delete(SAMPLE)

    while await api.jobs.keep_scores():
        pass
    assert not (await api.get(f"/people/{zoe}"))["is_us"]
    (task,) = (await api.get("/tasks"))["items"]
    assert (task["title"], task["turn"]) == ("Hello", "ours")


async def test_one_of_us_who_was_joined_with_a_customer_of_the_sample_stays_one_of_us(api: Api) -> None:
    await api.import_mail(message("Hello", sender="Zoe Real <zoe@real.example>"))
    (zoe,) = [person["id"] for person in (await api.get("/people"))["items"] if person["name"] == "Zoe Real"]
    await api.http.patch(f"/api/v1/people/{zoe}", json={"is_us": True})
    await loaded(api)
    people = (await api.get("/people", limit=200))["items"]
    customer = next(p["id"] for p in people if not p["is_us"] and p["id"] > zoe)
    await api.post(f"/people/{customer}/merge", {"into": zoe})

    await api.http.delete(SAMPLE)

    assert (await api.get(f"/people/{zoe}"))["is_us"]


async def test_what_was_done_to_the_sample_is_not_taken_back_on_a_task_of_ones_own(api: Api) -> None:
    await loaded(api)
    newest = max(task["id"] for task in (await api.get("/tasks", limit=200))["items"])
    token = (await api.verb(newest, "complete"))["undo"]["token"]
    own = (await api.create("Water the plants"))["id"]
    kept = (await api.verb(own, "complete"))["undo"]["token"]

    await api.http.delete(SAMPLE)

    problem(await api.http.post(f"/api/v1/undo/{token}"), 404)
    assert (await api.post(f"/undo/{kept}"))["undone"] == [own]
