"""Tasks, items, history and scores as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Status = Literal["open", "snoozed", "done", "declined", "not_for_us"]
Turn = Literal["ours", "theirs"]
Tier = Literal["pinned", "normal", "held"]
Band = Literal["now", "next", "later", "someday"]
Number = int | float

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Who = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)]


def _no_nul(value: Any) -> Any:
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ValueError("holds characters that can't be stored (NUL or lone surrogates)")
    return value


class Body(BaseModel):
    """A request body: unknown members are refused, so that a typing error never goes unnoticed."""

    model_config = ConfigDict(extra="forbid")


Clean = BeforeValidator(_no_nul)


class TaskSource(BaseModel):
    """Where a task comes from."""

    integration: str | None = Field(description="The integration's name; null for a task written by hand.")
    kind: str = Field(examples=["mbox"])
    external_id: str | None
    url: str | None


class TaskOut(BaseModel):
    """The work that one conversation asks for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 42,
                    "title": "Signed contract needed",
                    "status": "open",
                    "status_reason": None,
                    "turn": "ours",
                    "since": "2026-03-02T09:14:00Z",
                    "snoozed_until": None,
                    "tier": "normal",
                    "score": 93,
                    "points": 93,
                    "band": "now",
                    "valid_until": "2026-03-03T09:14:00Z",
                    "due_at": "2026-03-03T16:00:00Z",
                    "assignee": None,
                    "labels": ["legal"],
                    "notes": "",
                    "priority": None,
                    "project": None,
                    "dependencies": [],
                    "scheduled_at": None,
                    "started_at": None,
                    "source": {
                        "integration": "mbox",
                        "kind": "mbox",
                        "external_id": "1a2b@mail.example",
                        "url": None,
                    },
                    "reasons": ["Due Tue 3 Mar 2026 16:00 UTC, within 24 hours.", "It asks: «Could you sign by …»"],
                    "stale": False,
                    "opened_at": "2026-03-02T09:14:00Z",
                    "last_item_at": "2026-03-02T09:14:00Z",
                    "created_at": "2026-03-02T10:00:00Z",
                    "updated_at": "2026-03-02T10:00:00Z",
                    "version": 1,
                }
            ]
        }
    )

    id: int
    title: str
    status: Status
    status_reason: str | None = Field(description="Why it is declined or not for us.")
    turn: Turn | None = Field(description="Whose turn it is; null where it is nobody's or not known.")
    since: datetime | None = Field(description="Since when it is that side's turn.")
    snoozed_until: datetime | None
    tier: Tier
    score: Number = Field(description="Points held to 0-100, for showing.")
    points: Number = Field(description="What the order uses: the exact sum of the contributions.")
    band: Band
    valid_until: datetime | None = Field(description="When time alone may change the score next.")
    due_at: datetime | None
    assignee: str | None
    labels: list[str]
    notes: str
    priority: str | None
    project: str | None
    dependencies: list[int] = Field(description="Ids of the tasks this one waits for.")
    scheduled_at: datetime | None
    started_at: datetime | None
    source: TaskSource
    reasons: list[str] = Field(description="The two strongest, as sentences.")
    stale: bool = Field(description="Its integration can't be trusted at the moment.")
    opened_at: datetime = Field(description="When the conversation began.")
    last_item_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class TaskPage(BaseModel):
    items: list[TaskOut]
    next_cursor: str | None
    has_more: bool
    total: int | None = Field(None, description="Only with `count=true`.")


class TaskIn(Body):
    """A task written by hand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Renew the TLS certificate", "due_at": "2026-04-01T12:00:00Z"}]},
    )

    title: Annotated[Title, Clean]
    notes: Annotated[str, Clean] = Field("", max_length=100_000)
    due_at: AwareDatetime | None = None
    assignee: Annotated[Who, Clean] | None = None
    labels: list[Annotated[Label, Clean]] = Field(default_factory=list, max_length=50)
    priority: Annotated[str, Clean] | None = Field(None, max_length=40)
    project: Annotated[str, Clean] | None = Field(None, max_length=200)
    dependencies: list[int] = Field(default_factory=list, max_length=100)
    scheduled_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None


class TaskPatch(Body):
    """Fields to set; null clears one. What is left out stays. Status changes through the verbs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"due_at": "2026-04-01T12:00:00Z", "labels": ["billing"]}]},
    )

    title: Annotated[Title, Clean] | None = None
    notes: Annotated[str, Clean] | None = Field(None, max_length=100_000)
    due_at: AwareDatetime | None = None
    assignee: Annotated[Who, Clean] | None = None
    labels: list[Annotated[Label, Clean]] | None = Field(None, max_length=50)
    priority: Annotated[str, Clean] | None = Field(None, max_length=40)
    project: Annotated[str, Clean] | None = Field(None, max_length=200)
    dependencies: list[int] | None = Field(None, max_length=100)
    scheduled_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None


class SnoozeIn(Body):
    until: AwareDatetime = Field(examples=["2026-03-05T09:00:00Z"])


class DeclineIn(Body):
    reason: Annotated[str, Clean, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        examples=["Belongs to the billing team."]
    )


class AssignIn(Body):
    user: Annotated[Who, Clean] | None = Field(description="null takes the task from whoever has it.", examples=["ana"])


class MergeIn(Body):
    into: int = Field(description="The task that stays.", examples=[17])


class SplitIn(Body):
    items: list[int] = Field(min_length=1, max_length=1000, description="Items that become a task of their own.")


class ClaimIn(Body):
    user: Annotated[Who, Clean] = Field(description="Who takes the task.", examples=["ana"])


class UndoOut(BaseModel):
    token: str = Field(description="Give it to POST /undo/{token}.")
    expires_at: datetime


class Acted(BaseModel):
    """The task after an action, and how to take the action back."""

    task: TaskOut
    undo: UndoOut


class SplitOut(Acted):
    new_task: TaskOut


class Claimed(BaseModel):
    task: TaskOut | None = Field(description="null where there is nothing to claim.")
    undo: UndoOut | None
    reason: Literal["claimed", "nothing_to_claim"]


class Deleted(BaseModel):
    deleted: int
    undo: UndoOut


class Complete(Body):
    verb: Literal["complete"]


class Reopen(Body):
    verb: Literal["reopen"]


class Snooze(SnoozeIn):
    verb: Literal["snooze"]


class Decline(DeclineIn):
    verb: Literal["decline"]


class Assign(AssignIn):
    verb: Literal["assign"]


class Relabel(Body):
    verb: Literal["label"]
    add: list[Annotated[Label, Clean]] = Field(default_factory=list, max_length=50)
    remove: list[Annotated[Label, Clean]] = Field(default_factory=list, max_length=50)


class Delete(Body):
    verb: Literal["delete"]


BulkAction = Annotated[Complete | Reopen | Snooze | Decline | Assign | Relabel | Delete, Field(discriminator="verb")]


class BulkFilter(Body):
    """The queue's filters."""

    status: list[Status] = Field(default_factory=lambda: ["open"])
    integration: list[str] = Field(default_factory=list)
    kind: list[str] = Field(default_factory=list)
    assignee: list[str] = Field(default_factory=list)
    label: list[str] = Field(default_factory=list)
    band: list[Band] = Field(default_factory=list)
    tier: list[Tier] = Field(default_factory=list)
    turn: list[Literal["ours", "theirs", "none"]] = Field(default_factory=list)
    due_before: AwareDatetime | None = None
    q: str | None = Field(None, max_length=500)


class BulkIn(Body):
    """An action on many tasks: on `ids`, or on all that a `filter` matches."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"filter": {"q": "invoice", "turn": ["theirs"]}, "action": {"verb": "complete"}}]
        },
    )

    ids: list[int] | None = Field(None, min_length=1, max_length=10_000)
    filter: BulkFilter | None = None
    action: BulkAction
    dry_run: bool = Field(False, description="Only count what would happen.")


class Skipped(BaseModel):
    id: int
    why: str


class BulkOut(BaseModel):
    matched: int
    changed: int = Field(description="With `dry_run`: how many would change.")
    skipped: int
    skipped_why: list[Skipped] = Field(description="The first hundred.")
    undo: UndoOut | None


class Undone(BaseModel):
    undone: list[int] = Field(description="Ids of the tasks that are as they were.")


class PersonOut(BaseModel):
    name: str
    address: str


class AttachmentOut(BaseModel):
    name: str
    media_type: str
    size: int


class AutomationOut(BaseModel):
    category: str
    reason: str


class ItemOut(BaseModel):
    """One message, row or event as its integration gave it."""

    id: int
    integration: str | None
    external_id: str
    sent_at: datetime | None
    sender: PersonOut
    to: list[PersonOut]
    cc: list[PersonOut]
    subject: str
    text: str = Field(description="What the sender wrote in this item.")
    quoted: str = Field(description="Quoted history, told apart from the new text.")
    signature: str
    attachments: list[AttachmentOut]
    labels: list[str]
    unread: bool | None
    starred: bool | None
    important: bool | None
    automation: AutomationOut | None = Field(description="Why it was not written by a person to people.")
    problems: list[str] = Field(description="What could not be read.")
    url: str | None


class ItemPage(BaseModel):
    items: list[ItemOut]
    next_cursor: str | None
    has_more: bool


class EventOut(BaseModel):
    """One line of a task's history."""

    id: int
    at: datetime
    actor: str
    verb: str
    detail: str
    changes: dict[str, Any] = Field(description="Field name to [before, after].")


class EventPage(BaseModel):
    items: list[EventOut]
    next_cursor: str | None
    has_more: bool


class RulesetRef(BaseModel):
    name: str
    version: int


class ContributionOut(BaseModel):
    rule: str
    title: str
    points: Number
    because: str
    fact: str | None
    quote: str | None
    item: int | None


class CheckedOut(BaseModel):
    rule: str
    title: str
    outcome: Literal["no", "unknown", "error"]
    because: str
    facts: list[str]


class ScoreOut(BaseModel):
    """Why a task stands where it stands. The contributions add up to the points, always."""

    task: int
    at: datetime
    ruleset: RulesetRef
    tier: Tier
    score: Number
    points: Number
    band: Band
    valid_until: datetime | None
    reasons: list[str]
    contributions: list[ContributionOut]
    also_checked: list[CheckedOut] = Field(description="Rules that gave nothing, and why.")
