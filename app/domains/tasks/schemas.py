"""Tasks, items, history and scores as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import Body, Clean, Identity, Instant
from app.core.outside import outside
from app.core.page_schema import Page
from app.domains.tasks.fields import Label, Title, Who

Status = Literal["open", "snoozed", "done", "declined", "not_for_us"]
Turn = Literal["ours", "theirs"]
Tier = Literal["pinned", "normal", "held"]
Band = Literal["now", "next", "later", "someday"]
Number = int | float


class TaskSource(BaseModel):
    """Where a task comes from."""

    integration: str | None = Field(description="The integration's name; null for a task written by hand.")
    kind: str = Field(examples=["mbox"])
    external_id: str | None = outside("What it is called there.")
    url: str | None = outside("Where it can be seen there.")
    sample: bool = Field(default=False, description="It belongs to the sample data: an invented company.")
    private: bool = Field(default=False, description="Only some may see the integration, and what comes from it.")


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
                    "sender": "Ana Torres",
                    "source": {
                        "integration": "mbox",
                        "kind": "mbox",
                        "external_id": "1a2b@mail.example",
                        "url": None,
                    },
                    "reasons": ["Due Tue 3 Mar 2026 16:00 UTC, within 24 hours.", "It asks: «Could you sign by …»"],
                    "stale": False,
                    "write_back": None,
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
    title: str = outside("What is to be done, in a line; often the subject of a mail.")
    status: Status
    status_reason: str | None = outside("Why it is declined or not for us.")
    turn: Turn | None = Field(description="Whose turn it is; null where it is nobody's or not known.")
    since: datetime | None = Field(description="Since when it is that side's turn.")
    snoozed_until: datetime | None
    tier: Tier
    score: Number = Field(description="Points held to 0-100, for showing.")
    points: Number = Field(description="What the order uses: the exact sum of the contributions.")
    band: Band
    valid_until: datetime | None = Field(description="When time alone may change the score next.")
    due_at: datetime | None
    assignee: str | None = outside("Whose it is.")
    labels: list[str] = outside("As its source or people gave them.")
    notes: str
    priority: str | None = outside("As its source or people call it.")
    project: str | None = outside("As its source or people call it.")
    dependencies: list[int] = Field(description="Ids of the tasks this one waits for.")
    scheduled_at: datetime | None
    started_at: datetime | None
    sender: str | None = outside("Who wrote last from outside, by name where it is known.")
    source: TaskSource
    reasons: list[str] = outside("The two strongest, as sentences, which may quote.")
    stale: bool = Field(description="Its integration can't be trusted at the moment.")
    write_back: Literal["pending", "sending", "done", "refused", "conflict"] | None = Field(
        None,
        description="What became of telling its source how it stands, at the last time; null: it is not told. More at "
        "/tasks/{id}/writes.",
    )
    opened_at: datetime = Field(description="When the conversation began.")
    last_item_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class TaskPage(Page):
    items: list[TaskOut]
    total: int | None = Field(None, description="Only with `count=true`.")


class TaskIn(Body):
    """A task written by hand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Renew the TLS certificate", "due_at": "2026-04-01T12:00:00Z"}]},
    )

    title: Title
    notes: Annotated[str, Clean] = Field("", max_length=100_000)
    due_at: Instant | None = None
    assignee: Who | None = None
    labels: list[Label] = Field(default_factory=list, max_length=50)
    priority: Annotated[str, Clean] | None = Field(
        None, max_length=40, description="urgent, high, normal and low count in the ranking; other words are only kept."
    )
    project: Annotated[str, Clean] | None = Field(None, max_length=200)
    dependencies: list[Identity] = Field(default_factory=list, max_length=100)
    scheduled_at: Instant | None = None
    started_at: Instant | None = None


class TaskPatch(Body):
    """Fields to set; null clears one. What is left out stays. Status changes through the verbs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"due_at": "2026-04-01T12:00:00Z", "labels": ["billing"]}]},
    )

    title: Title | None = None
    notes: Annotated[str, Clean] | None = Field(None, max_length=100_000)
    due_at: Instant | None = None
    assignee: Who | None = None
    labels: list[Label] | None = Field(None, max_length=50)
    priority: Annotated[str, Clean] | None = Field(
        None, max_length=40, description="urgent, high, normal and low count in the ranking; other words are only kept."
    )
    project: Annotated[str, Clean] | None = Field(None, max_length=200)
    dependencies: list[Identity] | None = Field(None, max_length=100)
    scheduled_at: Instant | None = None
    started_at: Instant | None = None


class CorrespondentOut(BaseModel):
    name: str = outside("As they call themselves.")
    address: str = outside()


class AttachmentOut(BaseModel):
    name: str = outside("As its sender called it: never a path here.")
    media_type: str = outside("As its sender claims.")
    size: int


class AutomationOut(BaseModel):
    category: str
    reason: str = outside("A sentence that quotes the evidence.")


class WorkFieldOut(BaseModel):
    name: str = outside("The column.")
    value: str = outside()


class WorkOut(BaseModel):
    """What a row that is a task at its source says there."""

    status_name: str = outside("As it is called there; may be empty.", examples=["In review"])
    fields: list[WorkFieldOut] = Field(description="Every other column that holds something.")


class ItemOut(BaseModel):
    """One message, row or event as its integration gave it."""

    id: int
    integration: str | None
    external_id: str = outside("What it is called there.")
    sent_at: datetime | None
    sender: CorrespondentOut
    to: list[CorrespondentOut]
    cc: list[CorrespondentOut]
    subject: str = outside()
    text: str = outside("What the sender wrote in this item.")
    quoted: str = outside("Quoted history, told apart from the new text.")
    signature: str = outside()
    attachments: list[AttachmentOut]
    labels: list[str] = outside("As its source calls them.")
    unread: bool | None
    starred: bool | None
    important: bool | None
    automation: AutomationOut | None = Field(description="Why it was not written by a person to people.")
    problems: list[str] = outside("What could not be read.")
    url: str | None = outside("Where it can be seen at its source.")
    place: str | None = outside("The channel or discussion list it stands in.", examples=["#general"])
    edited_at: datetime | None = Field(description="When it was last changed at its source, where that is known.")
    work: WorkOut | None = Field(description="Null for a message or page.")


class ItemPage(Page):
    items: list[ItemOut]


class EventOut(BaseModel):
    """One line of a task's history."""

    id: int
    at: datetime
    actor: str
    verb: str
    detail: str = outside("What came of it, in words.")
    changes: dict[str, Any] = outside("Field name to [before, after].")


class EventPage(Page):
    items: list[EventOut]
