"""Which tasks, as the API is asked for them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.core.fields import Body, Clean, Instant
from app.domains.tasks.fields import Wanted
from app.domains.tasks.schemas import Band, Status, Tier


def _apart(given: Any) -> Any:
    """Words that hold no comma may be given with commas between them. What is no list is left to be refused."""
    if not isinstance(given, list):
        return given
    return [part for each in given for part in (each.split(",") if isinstance(each, str) else [each])]


Apart = BeforeValidator(_apart)
Sort = Literal["rank", "due_at", "created_at", "-created_at", "updated_at", "-updated_at"]
Due = Literal["overdue", "day", "week", "later", "none"]


class TaskFilter(Body):
    """Which tasks: conditions that hold together; several values of one are alternatives.

    A value is repeated (`band=now&band=next`); of those that are never a name of yours, several may stand in one, with
    commas between them (`band=now,next`).
    """

    status: Annotated[list[Status], Apart] = Field(
        default=["open"], max_length=50, description="Default: open.", examples=[["open", "snoozed"]]
    )
    integration: list[Wanted] = Field(
        default_factory=list,
        max_length=50,
        description="Names or ids; `none`: of no integration, as what is written by hand.",
        examples=[["support mail"]],
    )
    kind: Annotated[list[Wanted], Apart] = Field(
        default_factory=list, max_length=50, description="Kinds of integrations.", examples=[["mbox", "slack"]]
    )
    assignee: list[Wanted] = Field(
        default_factory=list,
        max_length=50,
        description="Whose they are, by name. `me`: yours, under your e-mail address, your name, or any name of the "
        "person with that address under `/people`. `none`: nobody's.",
        examples=[["me", "none"]],
    )
    label: list[Wanted] = Field(
        default_factory=list, max_length=50, description="All of them must be there.", examples=[["legal"]]
    )
    band: Annotated[list[Band], Apart] = Field(
        default_factory=list, max_length=50, description="How soon they should be done.", examples=[["now", "next"]]
    )
    tier: Annotated[list[Tier], Apart] = Field(
        default_factory=list, max_length=50, description="`pinned` stand above all others, `held` below them."
    )
    turn: Annotated[list[Literal["ours", "theirs", "none"]], Apart] = Field(
        default_factory=list, max_length=50, description="Whose turn it is; `none`: nobody's, or not known."
    )
    due: Annotated[list[Due], Apart] = Field(
        default_factory=list,
        max_length=50,
        description="Deadlines as seen from now. `overdue`: past; `day`: within the next 24 hours; `week`: within the "
        "next seven days; `later`: after those; `none`: without one.",
        examples=[["overdue", "day"]],
    )
    due_after: Instant | None = Field(None, description="Due then or later.", examples=["2026-03-02T00:00:00Z"])
    due_before: Instant | None = Field(None, description="Due earlier than that.", examples=["2026-03-03T00:00:00Z"])
    q: Annotated[str, Clean] | None = Field(
        None, max_length=500, description="Words in the title, the notes or an item.", examples=["invoice"]
    )


class TaskQuery(TaskFilter):
    """A page of the queue. What is not wanted finds what stands beside all the values that counts name."""

    not_assignee: list[Wanted] = Field(
        default_factory=list,
        max_length=50,
        description="Whose they are not; as `assignee`. With `none` only those that are somebody's.",
        examples=[["Ana Torres"]],
    )
    not_integration: list[Wanted] = Field(
        default_factory=list,
        max_length=50,
        description="Of which integrations they are not; as `integration`.",
        examples=[["support mail"]],
    )
    sort: Sort = Field("rank", description="`rank`: by the rules; the others by a time, `-` the latest first.")
    limit: int | None = Field(None, ge=1, description="Default 50, at most 200.")
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    count: bool = Field(False, description="Also count all that match.")
