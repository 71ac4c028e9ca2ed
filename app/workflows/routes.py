"""All routes of the API, and what its description says of them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from app import __version__
from app.core import event_stream, web
from app.domains.connections import privacy
from app.domains.identity.access import TASKS_READ
from app.domains.people.router import router as people_router
from app.domains.rulesets.router import router as rulesets_router
from app.domains.saved_views.router import router as views_router
from app.domains.tasks.related.router import router as related_router
from app.domains.tasks.router import router as tasks_router
from app.domains.tasks.score.router import router as score_router
from app.domains.tasks.verbs.router import router as verbs_router
from app.workflows import sifting, told
from app.workflows.audit.router import router as audit_router
from app.workflows.identity.keys.router import router as keys_router
from app.workflows.identity.keys.router import tokens as tokens_router
from app.workflows.identity.signing_in.router import router as sign_in_router
from app.workflows.identity.totp.router import router as totp_router
from app.workflows.identity.users.router import router as users_router
from app.workflows.identity.ways.router import of_users as password_links_router
from app.workflows.identity.ways.router import router as ways_router
from app.workflows.learning.router import router as learning_router
from app.workflows.metrics.router import router as metrics_router
from app.workflows.own_names import own_names
from app.workflows.router import router as workflows_router
from app.workflows.rules.router import router as rules_router
from app.workflows.sample.router import router as sample_router
from app.workflows.sync.connecting.router import router as connecting_router
from app.workflows.sync.router import router as sync_router
from app.workflows.sync.webhooks.router import router as webhooks_router
from app.workflows.trends.router import router as trends_router
from app.workflows.watch.router import router as health_router
from app.workflows.why.router import router as why_router
from app.workflows.writing.router import router as writes_router

DESCRIPTION = """
Work from everywhere as **one ranked queue**, and for each task why it stands where it stands.

- **tasks**: the queue and its tasks · **actions**: what you do with them, each undoable · **why**: the explanation
- **views**: filters of the queue that people come back to
- **rules**: rulesets, checked, saved, activated and rolled back; calendars; the facts that rules may look at
- **writes**: what sources are told of it, what came of that, and what a person has to decide
- **integrations**: where work comes from; pulls, imports and their reports · **live**: what happens, as it happens
- **sign-in**, **users**, **keys**: who may ask for what, and how they show who they are
- **audit**: who changed what · **health**: whether to believe it

Show who you are with an API key, as `Authorization: Bearer KEY`; the page signs in by `POST /api/v1/auth/login`.
Every error is `application/problem+json` with a sentence for people and a correlation id. Lists come in pages:
`limit`, then `cursor=next_cursor`. A `POST` with an `Idempotency-Key` can be repeated safely, but for signing in and
for `/auth/token`, which give something new each time; a secret that an answer held is not shown again. `If-Match` with
a task's `ETag` refuses to overwrite what somebody else changed.
"""
ABOUT: dict[str, Any] = {"title": "Watchfloor", "version": __version__, "description": DESCRIPTION}
ABOUT["form_limits"] = {"max_files": 1, "max_fields": 20, "max_part_size": 100_000}
"""Of all forms: the import is the only one. Names and headers of parts are bounded by the parser: 8 headers of 4 kB."""
ABOUT["license_info"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
TAGS = [
    {"name": "tasks", "description": "The ranked queue, single tasks, their items and history."},
    {"name": "actions", "description": "What people do with tasks. Each answer carries a token that undoes it."},
    {"name": "views", "description": "Saved views: filters of the queue with a name, one's own or shared with all."},
    {"name": "writes", "description": "What the sources of tasks are told, where they may be written to."},
    {"name": "related", "description": "What has to do with what: links, names, duplicates; items that can be found."},
    {"name": "why", "description": "Scores, line by line; why above another; what if; when it will be first."},
    {"name": "rules", "description": "What tasks are ranked by: rulesets in versions, calendars, facts."},
    {"name": "learning", "description": "Ranking by hand, and the changes of rules that are proposed from it."},
    {"name": "people", "description": "Who is who: one person under several addresses, and who is one of us."},
    {"name": "integrations", "description": "Where work comes from: kinds, pulls, imports, runs and their warnings."},
    {"name": "live", "description": "What happens, as it happens: server-sent events."},
    {"name": "sign-in", "description": "Signing in and out, one's own sessions, password and second factor."},
    {"name": "users", "description": "Who may sign in, and as what."},
    {"name": "sample", "description": "An invented company to look around in, and clearing it."},
    {"name": "audit", "description": "Who changed what, from where; and whether the trail of it is whole."},
    {"name": "keys", "description": "API keys of programs, and the short-lived tokens that they are exchanged for."},
    {"name": "health", "description": "Is it alive, can it serve, and which part can't be trusted."},
]


def install(app: FastAPI) -> None:
    """Every route, in an order in which none hides another."""
    app.state.audience, app.state.sift = privacy.private_ones, sifting.sift
    app.state.own_names = own_names
    web.only_posted(app, "/api/v1/tasks/claim", "/api/v1/tasks/bulk", "/api/v1/integrations/import")
    web.only_posted(app, *(f"/api/v1/rulesets/{word}" for word in ("check", "preview", "rollback")))
    app.router.routes.extend(_routes())


@cache
def _routes() -> Sequence[BaseRoute]:
    """One set for all apps of a process. FastAPI makes the fields of each route's request and answer anew for every
    app that includes it, at its first request: a tenth of a second, which a test pays for each app. What is included
    once is made once. They belong to no app, so `dependency_overrides` of one does not reach them.
    """
    api = APIRouter()
    api.include_router(related_router)  # before the tasks: «duplicates» is no task's id
    api.include_router(tasks_router)
    api.include_router(verbs_router)
    api.include_router(score_router)
    api.include_router(why_router)
    api.include_router(writes_router)
    api.include_router(views_router)
    api.include_router(people_router)
    api.include_router(rules_router)  # before the rulesets: «preview» and «health» are no ruleset's name
    api.include_router(rulesets_router)
    api.include_router(learning_router)
    api.include_router(workflows_router)
    api.include_router(sync_router)
    api.include_router(connecting_router)
    api.include_router(webhooks_router)
    api.include_router(event_stream.router(TASKS_READ, told.EVENTS))
    api.include_router(trends_router)
    api.include_router(sample_router)
    api.include_router(sign_in_router)
    api.include_router(totp_router)
    api.include_router(users_router)
    api.include_router(ways_router)
    api.include_router(password_links_router)
    api.include_router(audit_router)
    api.include_router(health_router)
    api.include_router(metrics_router)
    api.include_router(keys_router)
    api.include_router(tokens_router)
    return tuple(api.routes)
