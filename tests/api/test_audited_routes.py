"""Every request that may change something leaves an entry that says who did what to what: all routes, with real data.

A new operation has to be given a case here, or named among those that change nothing.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from app.core.database import Database
from app.domains.connections.models import KeptAnswer
from app.domains.identity import users
from app.main import create_app
from app.settings import Settings
from app.workflows.identity.ways import links
from scripts.fake_composio import faults
from tests.api.client import Document, database_of, mbox, message, ok
from tests.api.conftest import settings_on
from tests.api.connected import Site, site
from tests.api.people import ANOTHER, PASSWORD, Browser, add_user, browser
from tests.api.test_context import context_item
from tests.api.test_learning import asked
from tests.api.test_totp import switched_on
from tests.conftest import SettableClock
from tests.workflows.pipeline import Pipeline

CHANGE_NOTHING = {
    "preview_ruleset": "shows what a ruleset would do",
    "check_ruleset": "says whether a ruleset could be saved",
    "preview_import": "says how a file would be read",
    "create_token": "gives a token that is stored nowhere, and is its key's",
}
LATER = {
    "forgot_password": "answers the same whether there is such an account; the link that is mailed is entered: "
    "tests/api/test_forgotten_passwords.py",
}
RULES = 'name = "{name}"\nbands = {{ now = 70, next = 40, later = 15 }}\n\n[[rules]]\nid = "a"\ntitle = "A"\n'
RULES += 'when = "priority == \'urgent\'"\npoints = {points}\nsay = "Its priority is urgent"\n'
CALENDAR = {"zone": "Europe/Berlin", "hours": {"monday": ["09:00-17:00"]}}


@dataclass
class Scene:
    """An application beside a service, an admin's key, and what a case needs of them."""

    site: Site
    pipeline: Pipeline
    clock: SettableClock
    stack: AsyncExitStack
    actor: str = "key:1"
    target: str = ""
    action: str | None = None
    """What the entry is called where it isn't the operation."""
    made: Document = field(default_factory=dict)

    async def send(self, method: str, path: str, target: str = "", body: Any = None, **how: Any) -> httpx.Response:
        self.target = target
        if body is not None:
            how["json"] = body
        return await self.site.api.http.request(method, f"/api/v1{path}", **how)

    async def task(self, title: str = "A task", **fields: Any) -> int:
        return int((await self.site.api.create(title, **fields))["id"])

    async def verb(self, verb: str, **body: Any) -> httpx.Response:
        task = await self.task()
        return await self.send("POST", f"/tasks/{task}/{verb}", f"task:{task}", body or None)

    async def mail(self) -> Document:
        """The only task of an imported mailbox."""
        await self.site.api.import_mail(
            message("a", "Please sign it?"), message("Re: a", "Signed?", reply_to="a@example.org")
        )
        [task] = (await self.site.api.get("/tasks"))["items"]
        return dict(task)

    async def people(self) -> list[int]:
        await self.site.api.import_mail(message("a", "Please sign it?"), message("b", "Sure?", sender="bo@b.example"))
        return [each["id"] for each in (await self.site.api.get("/people"))["items"]]

    async def proposal(self) -> str:
        return str((await asked(self.site.api, self.clock))["proposal"]["id"])

    async def rules(self, name: str = "mine", points: int = 10, **query: Any) -> httpx.Response:
        content = RULES.format(name=name, points=points)
        headers = {"Content-Type": "application/toml"}
        path = f"/rulesets/{name}"
        return await self.send("POST", path, f"ruleset:{name}", content=content, headers=headers, params=query)

    async def user(self, email: str = "bo@example.org", **how: Any) -> int:
        return int((await add_user(self.site.api, email, **how))["id"])

    async def ana(self) -> Browser:
        """Somebody who has signed in; from here on it is they who act."""
        user = await self.user("ana@example.org")
        found = await self.stack.enter_async_context(browser(self.site.api.app))
        ok(await found.sign_in())
        self.actor = f"user:{user}"
        return found

    async def write(self) -> int:
        """A write that waits to be sent."""
        notion = self.site.notion
        notion.add_row(notion.add_database("Work"), {"Name": "Renew the certificate", "Status": "Doing"})
        place = await self.site.add(account="ca_notion")
        await self.site.work()
        ok(await self.send("PATCH", f"/integrations/{place}", body={"write_back": True}))
        [task] = (await self.site.api.get("/tasks"))["items"]
        await self.site.api.verb(task["id"], "complete")
        [write] = (await self.site.api.get("/writes"))["items"]
        return int(write["id"])


Case = Callable[[Scene], Awaitable[httpx.Response]]
CASES: dict[str, Case] = {}


def case(operation: str) -> Callable[[Case], Case]:
    def keep(made: Case) -> Case:
        CASES[operation] = made
        return made

    return keep


for _verb, _body in {
    "complete": {},
    "decline": {"reason": "No"},
    "snooze": {"until": "2026-03-09T09:00:00Z"},
    "assign": {"user": "bo"},
}.items():

    @case(f"{_verb}_task")
    async def _(scene: Scene, verb: str = _verb, body: Document = _body) -> httpx.Response:
        return await scene.verb(verb, **body)


@case("reopen_task")
async def _reopen(scene: Scene) -> httpx.Response:
    task = await scene.task()
    await scene.site.api.verb(task, "complete")
    return await scene.send("POST", f"/tasks/{task}/reopen", f"task:{task}")


@case("create_task")
async def _create(scene: Scene) -> httpx.Response:
    return await scene.send("POST", "/tasks", "task:1", {"title": "A"})


@case("edit_task")
async def _edit(scene: Scene) -> httpx.Response:
    task = await scene.task()
    return await scene.send("PATCH", f"/tasks/{task}", f"task:{task}", {"labels": ["x"], "title": "B"})


@case("delete_task")
async def _delete(scene: Scene) -> httpx.Response:
    task = await scene.task()
    return await scene.send("DELETE", f"/tasks/{task}", f"task:{task}")


@case("claim_task")
async def _claim(scene: Scene) -> httpx.Response:
    task = await scene.task()
    await scene.site.api.jobs.keep_scores()
    return await scene.send("POST", "/tasks/claim", f"task:{task}", {"user": "bo"})


@case("bulk_tasks")
async def _bulk(scene: Scene) -> httpx.Response:
    ids = [await scene.task(), await scene.task("B")]
    return await scene.send("POST", "/tasks/bulk", f"task:{ids[0]}", {"ids": ids, "action": {"verb": "complete"}})


@case("merge_task")
async def _merge(scene: Scene) -> httpx.Response:
    source, into = await scene.task(), await scene.task("B")
    return await scene.send("POST", f"/tasks/{source}/merge", f"task:{source}", {"into": into})


@case("split_task")
async def _split(scene: Scene) -> httpx.Response:
    task = (await scene.mail())["id"]
    items = (await scene.site.api.get(f"/tasks/{task}/items"))["items"]
    return await scene.send("POST", f"/tasks/{task}/split", f"task:{task}", {"items": [items[-1]["id"]]})


@case("undo")
async def _undo(scene: Scene) -> httpx.Response:
    task = await scene.task()
    token = (await scene.site.api.verb(task, "complete"))["undo"]["token"]
    scene.made["secret"] = token
    return await scene.send("POST", f"/undo/{token}", f"task:{task}")


@case("make_task_of_item")
async def _make_task(scene: Scene) -> httpx.Response:
    item = await context_item(scene.site.api, scene.pipeline)
    return await scene.send("POST", f"/items/{item['id']}/task", f"item:{item['id']}")


@case("dismiss_related_task")
async def _dismiss(scene: Scene) -> httpx.Response:
    one, other = await scene.task(), await scene.task("B")
    scene.made = {"one": one, "other": other}
    return await scene.send("POST", f"/tasks/{one}/related/{other}/dismiss", f"task:{one}")


@case("take_back_dismissal_of_related_task")
async def _take_back(scene: Scene) -> httpx.Response:
    await _dismiss(scene)
    one, other = scene.made["one"], scene.made["other"]
    return await scene.send("DELETE", f"/tasks/{one}/related/{other}/dismiss", f"task:{one}")


@case("rank_task_above")
async def _rank(scene: Scene) -> httpx.Response:
    one, other = await scene.task(), await scene.task("B")
    await scene.site.api.jobs.keep_scores()
    return await scene.send("POST", f"/tasks/{one}/rank-above", f"task:{one}", {"other": other})


@case("rank_task_above_other")
async def _rank_other(scene: Scene) -> httpx.Response:
    one, other = await scene.task(), await scene.task("B")
    await scene.site.api.jobs.keep_scores()
    return await scene.send("POST", f"/tasks/{one}/rank-above/{other}", f"task:{one}")


for _decision in ("accept", "reject"):

    @case(f"{_decision}_proposal")
    async def _(scene: Scene, decision: str = _decision) -> httpx.Response:
        proposal = await scene.proposal()
        return await scene.send("POST", f"/proposals/{proposal}/{decision}", f"proposal:{proposal}")


@case("revert_proposal")
async def _revert(scene: Scene) -> httpx.Response:
    proposal = await scene.proposal()
    ok(await scene.send("POST", f"/proposals/{proposal}/accept"))
    return await scene.send("POST", f"/proposals/{proposal}/revert", f"proposal:{proposal}")


@case("save_ruleset")
async def _save(scene: Scene) -> httpx.Response:
    return await scene.rules()


@case("activate_ruleset")
async def _activate(scene: Scene) -> httpx.Response:
    ok(await scene.rules())
    return await scene.send("POST", "/rulesets/mine/activate", "ruleset:mine")


@case("roll_back_ruleset")
async def _roll_back(scene: Scene) -> httpx.Response:
    ok(await scene.rules(activate=True))
    return await scene.send("POST", "/rulesets/rollback", "ruleset:default")


SHARED: Document = {"name": "Ours", "shared": True}


@case("create_view")
async def _create_view(scene: Scene) -> httpx.Response:
    return await scene.send("POST", "/views", "view:1", SHARED)


@case("edit_view")
async def _edit_view(scene: Scene) -> httpx.Response:
    view = ok(await _create_view(scene))["id"]
    return await scene.send("PATCH", f"/views/{view}", f"view:{view}", {"name": "Theirs"})


@case("delete_view")
async def _delete_view(scene: Scene) -> httpx.Response:
    view = ok(await _create_view(scene))["id"]
    return await scene.send("DELETE", f"/views/{view}", f"view:{view}")


@case("put_calendar")
async def _calendar(scene: Scene) -> httpx.Response:
    return await scene.send("PUT", "/calendars", "calendar:mine", CALENDAR | {"name": "mine"})


@case("put_named_calendar")
async def _named_calendar(scene: Scene) -> httpx.Response:
    return await scene.send("PUT", "/calendars/mine", "calendar:mine", CALENDAR)


@case("edit_person")
async def _person(scene: Scene) -> httpx.Response:
    person = (await scene.people())[0]
    return await scene.send("PATCH", f"/people/{person}", f"person:{person}", {"name": "Ann", "is_us": True})


@case("merge_person")
async def _merge_person(scene: Scene) -> httpx.Response:
    one, other = (await scene.people())[:2]
    scene.made = {"person": other}
    return await scene.send("POST", f"/people/{one}/merge", f"person:{one}", {"into": other})


@case("separate_person")
async def _separate(scene: Scene) -> httpx.Response:
    person = ok(await _merge_person(scene))
    address = person["identities"][-1]["address"]
    return await scene.send("POST", f"/people/{person['id']}/separate", f"person:{person['id']}", {"address": address})


@case("dismiss_people_suggestion")
async def _dismiss_people(scene: Scene) -> httpx.Response:
    one, other = (await scene.people())[:2]
    scene.made = {"a": one, "b": other}
    return await scene.send("POST", "/people/suggestions/dismiss", f"person:{one}", {"a": one, "b": other})


@case("take_back_dismissal_of_people_suggestion")
async def _take_back_people(scene: Scene) -> httpx.Response:
    ok(await _dismiss_people(scene))
    return await scene.send("DELETE", "/people/suggestions/dismiss", f"person:{scene.made['a']}", params=scene.made)


@case("create_integration")
async def _integration(scene: Scene) -> httpx.Response:
    return await scene.send("POST", "/integrations", "integration:1", {"kind": "mbox", "name": "archive"})


@case("edit_integration")
async def _edit_integration(scene: Scene) -> httpx.Response:
    place = await scene.site.add()
    return await scene.send("PATCH", f"/integrations/{place}", f"integration:{place}", {"name": "other"})


@case("delete_integration")
async def _delete_integration(scene: Scene) -> httpx.Response:
    place = await scene.site.add()
    return await scene.send("DELETE", f"/integrations/{place}", f"integration:{place}")


@case("connect_integration")
async def _connect(scene: Scene) -> httpx.Response:
    place = await scene.site.add()
    return await scene.send("POST", f"/integrations/{place}/connect", f"integration:{place}")


@case("import_file")
async def _import(scene: Scene) -> httpx.Response:
    content = mbox(message("a", "Please sign it?"))
    files = {"file": ("inbox.mbox", content)}
    return await scene.send("POST", "/integrations/import", "integration:1", files=files)


@case("sync_due")
async def _sync(scene: Scene) -> httpx.Response:
    await scene.site.add(account="ca_notion")
    return await scene.send("POST", "/sync", "run:1")


@case("sync_integration")
async def _sync_one(scene: Scene) -> httpx.Response:
    place = await scene.site.add(account="ca_notion")
    return await scene.send("POST", f"/integrations/{place}/sync", f"integration:{place}")


@case("cancel_run")
async def _cancel(scene: Scene) -> httpx.Response:
    run = ok(await _sync_one(scene))["run"]["id"]
    return await scene.send("POST", f"/sync/runs/{run}/cancel", f"run:{run}")


@case("replay_unreadable")
async def _replay(scene: Scene) -> httpx.Response:
    place = await scene.site.add(account="ca_notion")
    scene.site.row()
    for tool in ("NOTION_QUERY_DATABASE", "NOTION_QUERY_DATABASE_WITH_FILTER"):
        scene.site.fake.faults.add(faults.renamed_key("results", "rows"), on=tool)
    await scene.site.work()
    scene.site.fake.faults.clear()
    [kept] = [each["id"] for each in (await scene.site.api.get(f"/integrations/{place}/unreadable"))["items"]]
    async with database_of(scene.site.api).writing() as session:  # as if a reader that was mended could read it
        answer = await session.get_one(KeptAnswer, kept)
        answer.value = json.loads(json.dumps(answer.value).replace("rows", "results"))
    return await scene.send("POST", f"/integrations/{place}/unreadable/{kept}/replay", f"integration:{place}")


@case("take_composio_webhook")
async def _webhook(scene: Scene) -> httpx.Response:
    await scene.site.add(account="ca_notion")
    await scene.site.work()
    scene.actor, scene.target = "program", ""
    made = scene.site.news()
    headers = {"Authorization": "", **dict(made.headers)}
    return await scene.send("POST", "/webhooks/composio", content=made.body, headers=headers)


@case("cancel_write")
async def _cancel_write(scene: Scene) -> httpx.Response:
    write = await scene.write()
    return await scene.send("POST", f"/writes/{write}/cancel", f"write:{write}")


@case("retry_writes")
async def _retry_writes(scene: Scene) -> httpx.Response:
    place = await scene.site.add()
    return await scene.send("POST", f"/integrations/{place}/writes/retry", f"integration:{place}")


@case("retry_write")
async def _retry_write(scene: Scene) -> httpx.Response:
    write = await scene.write()
    scene.site.fake.faults.add(faults.tool_failed("permission denied", 403), on="NOTION_UPDATE_PAGE")
    scene.clock.advance(seconds=6)
    while await scene.site.api.jobs.sender.send_due():
        await scene.site.api.jobs.sender.settle()
    return await scene.send("POST", f"/writes/{write}/retry", f"write:{write}")


@case("load_sample")
async def _sample(scene: Scene) -> httpx.Response:
    return await scene.send("POST", "/sample", "sample")


@case("clear_sample")
async def _clear_sample(scene: Scene) -> httpx.Response:
    ok(await scene.send("POST", "/sample"))
    return await scene.send("DELETE", "/sample", "sample")


# People and keys


@case("login")
async def _login(scene: Scene) -> httpx.Response:
    user = await scene.user("ana@example.org")
    found = await scene.stack.enter_async_context(browser(scene.site.api.app))
    scene.actor, scene.target = f"user:{user}", "session:1"
    return await found.sign_in()


@case("logout")
async def _logout(scene: Scene) -> httpx.Response:
    scene.target = "session:1"
    return await (await scene.ana()).post("/auth/logout")


@case("edit_me")
async def _me(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    scene.target = scene.actor
    return await ana.patch("/auth/me", {"name": "Ana"})


@case("change_password")
async def _password(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    scene.target = scene.actor
    return await ana.post("/auth/password", {"old": PASSWORD, "new": ANOTHER})


@case("end_session")
async def _end_session(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    other = await scene.stack.enter_async_context(browser(scene.site.api.app))
    ok(await other.sign_in())
    scene.target = "session:2"
    return await ana.delete("/auth/sessions/2")


@case("end_other_sessions")
async def _end_sessions(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    scene.target = ""
    return await ana.delete("/auth/sessions")


@case("propose_totp")
async def _propose(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    return await ana.post("/auth/totp", {"password": PASSWORD})


@case("confirm_totp")
async def _confirm(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    secret = ok(await ana.post("/auth/totp", {"password": PASSWORD}))["secret"]
    scene.made["secret"], scene.target = secret, scene.actor
    return await ana.post("/auth/totp/confirm", {"code": pyotp.TOTP(secret).at(scene.clock())})


@case("switch_off_totp")
async def _switch_off(scene: Scene) -> httpx.Response:
    ana = await scene.ana()
    await switched_on(ana, scene.clock)
    scene.target = scene.actor
    return await ana.post("/auth/totp/switch-off", {"password": PASSWORD})


@case("create_user")
async def _user(scene: Scene) -> httpx.Response:
    body = {"email": "bo@example.org", "role": "viewer", "password": PASSWORD}
    scene.made["secret"] = PASSWORD
    return await scene.send("POST", "/users", "user:1", body)


@case("edit_user")
async def _edit_user(scene: Scene) -> httpx.Response:
    user = await scene.user()
    return await scene.send("PATCH", f"/users/{user}", f"user:{user}", {"role": "viewer"})


@case("remove_user")
async def _remove_user(scene: Scene) -> httpx.Response:
    user = await scene.user()
    return await scene.send("DELETE", f"/users/{user}", f"user:{user}")


@case("reset_password")
async def _reset(scene: Scene) -> httpx.Response:
    user = await scene.user()
    scene.made["secret"] = ANOTHER
    return await scene.send("POST", f"/users/{user}/password", f"user:{user}", {"password": ANOTHER})


@case("revoke_sessions")
async def _revoke(scene: Scene) -> httpx.Response:
    user = await scene.user()
    return await scene.send("DELETE", f"/users/{user}/sessions", f"user:{user}")


@case("reset_totp")
async def _reset_totp(scene: Scene) -> httpx.Response:
    user = await scene.user()
    return await scene.send("DELETE", f"/users/{user}/totp", f"user:{user}")


@case("create_password_link")
async def _password_link(scene: Scene) -> httpx.Response:
    user = await scene.user()
    scene.action = "password_link"
    answer = await scene.send("POST", f"/users/{user}/password-link", f"user:{user}")
    scene.made["secret"] = token_of(ok(answer)["link"])
    return answer


@case("set_password_by_link")
async def _set_by_link(scene: Scene) -> httpx.Response:
    ok(await _password_link(scene))
    scene.action, scene.actor = None, "user:1"
    body = {"token": scene.made["secret"], "password": ANOTHER}
    return await scene.send("POST", "/auth/password/reset", "user:1", body, headers={"Authorization": ""})


@case("sign_in_by_link")
async def _by_link(scene: Scene) -> httpx.Response:
    user = await scene.user()
    async with database_of(scene.site.api).writing() as session:
        link = await links.to_sign_in(
            session, await users.get(session, user), scene.site.api.app.state.settings, now=scene.clock()
        )
    scene.made["secret"], scene.actor = token_of(link), f"user:{user}"
    body = {"token": scene.made["secret"]}
    return await scene.send("POST", "/auth/link", "session:1", body, headers={"Authorization": ""})


@case("create_key")
async def _key(scene: Scene) -> httpx.Response:
    answer = await scene.send("POST", "/api-keys", "key:2", {"name": "cron", "scopes": ["sync:run"], "owned": False})
    scene.made["secret"] = ok(answer)["key"]
    return answer


@case("edit_key")
async def _edit_key(scene: Scene) -> httpx.Response:
    ok(await _key(scene))
    return await scene.send("PATCH", "/api-keys/2", "key:2", {"name": "nightly"})


@case("revoke_key")
async def _revoke_key(scene: Scene) -> httpx.Response:
    ok(await _key(scene))
    return await scene.send("DELETE", "/api-keys/2", "key:2")


@case("rotate_key")
async def _rotate(scene: Scene) -> httpx.Response:
    ok(await _key(scene))
    answer = await scene.send("POST", "/api-keys/2/rotate", "key:2")
    scene.made["secret"] = ok(answer)["key"]
    return answer


def token_of(link: str) -> str:
    return link.rpartition("=")[2] if "=" in link else link.rpartition("#")[2]


def operations() -> list[str]:
    """All that is no mere reading, by its method."""
    document = create_app(Settings(_env_file=None), jobs=False).openapi()
    return sorted(
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method not in ("get", "head")
    )


OPERATIONS = operations()


@pytest.fixture
async def scene(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(site(settings_on(settings, sqlite_database), clock, tmp_path))
        yield Scene(made, Pipeline(database_of(made.api), clock, tmp_path), clock, stack)


def test_every_operation_has_a_case_or_changes_nothing() -> None:
    assert sorted({*CASES, *CHANGE_NOTHING, *LATER}) == OPERATIONS


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each not in CHANGE_NOTHING | LATER])
async def test_it_leaves_an_entry_that_says_who_did_what_to_what(scene: Scene, operation: str) -> None:
    answer = await CASES[operation](scene)

    assert answer.is_success, answer.text
    sent = answer.headers["X-Correlation-ID"]
    entries = (await scene.site.api.get("/audit", correlation_id=sent))["items"]
    wanted = (scene.action or operation, scene.actor, scene.target)
    assert wanted in [(each["action"], each["actor"], each["target"]) for each in entries]
    everything = str((await scene.site.api.get("/audit", limit=200))["items"])
    if secret := scene.made.get("secret"):
        assert secret not in everything
    assert PASSWORD not in everything
    assert (await scene.site.api.get("/audit/verify"))["ok"]
