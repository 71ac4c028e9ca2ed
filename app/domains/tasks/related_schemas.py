"""Related tasks, duplicates and found items as the API speaks of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import Body, Clean, Instant
from app.core.outside import outside
from app.core.page_schema import Page
from app.domains.tasks.action_schemas import UndoOut
from app.domains.tasks.fields import Wanted
from app.domains.tasks.schemas import ItemOut, TaskOut

RelationKind = Literal["links_to", "linked_from", "same_thread_elsewhere", "mentions_title", "same_title"]


class RelatedOut(BaseModel):
    """Another task, and why it has to do with the one you asked about."""

    task: TaskOut
    relation: RelationKind
    because: str = outside(
        "A sentence with the evidence.", examples=["Links to it: “https://notion.example/Billing-…”."]
    )
    item: int | None = Field(description="The item that shows it; null where the titles alone do.")
    duplicate: bool = Field(description="Both may be one: merge them, or dismiss the pair.")
    may_merge: bool = Field(description="False where both are rows at their source.")


class RelatedPage(Page):
    items: list[RelatedOut] = Field(description="Strongest first, at most 50.")
    next_cursor: None = Field(None, description="There is no further page: dismiss what is not related.")
    has_more: bool


class DuplicateOut(BaseModel):
    """Two open tasks that may be one."""

    task: TaskOut = Field(description="The later one.")
    other: TaskOut = Field(description="The earlier one.")
    because: str = outside(
        "What speaks for it.", examples=["Both are called “Renew the certificate” and began 2 days apart."]
    )
    may_merge: bool = Field(description="False where both are rows at their source.")


class DuplicatePage(Page):
    items: list[DuplicateOut]


class FoundItem(ItemOut):
    """An item, and the task it belongs to."""

    task: int | None = Field(description="Null for context: it asks for no work.")


class FoundItems(Page):
    items: list[FoundItem]


class ItemQuery(Body):
    """Which items: conditions that hold together."""

    q: Annotated[str, Clean] | None = Field(
        None, max_length=500, description="Words in the subject, the text or the sender."
    )
    integration: list[Wanted] = Field(default_factory=list, max_length=50, description="Names or ids.")
    context: bool | None = Field(None, description="True: only what belongs to no task. False: only what does.")
    since: Instant | None = Field(None, description="From this time on.")
    until: Instant | None = Field(None, description="Before this time.")
    limit: int | None = Field(None, ge=1, description="Default 50, at most 200.")
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")


class Made(BaseModel):
    """The task that was made, and how to take that back."""

    model_config = ConfigDict(json_schema_extra={"description": "The task that was made of an item."})

    task: TaskOut
    undo: UndoOut
