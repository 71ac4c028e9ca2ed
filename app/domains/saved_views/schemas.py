"""Saved views as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.fields import Body, Clean, Flag, Given
from app.core.page_schema import CountedPage
from app.domains.saved_views import examples
from app.domains.tasks.filter_schemas import Sort, TaskFilter

GroupBy = Literal["none", "band", "integration", "assignee", "turn", "due", "project"]
Column = Literal[
    "from", "source", "due", "turn", "assignee", "score", "reasons", "labels", "project", "priority", "age"
]
STANDARD: tuple[Column, ...] = ("from", "due", "turn", "assignee", "score", "reasons")


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def _taken(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def _once(columns: list[Column]) -> list[Column]:
    if len(set(columns)) < len(columns):
        raise ValueError("names a column twice")
    return columns


def _in_a_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("holds characters that nobody sees")
    return name


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_in_a_line), Clean
]
Columns = Annotated[list[Column], AfterValidator(_once), Field(max_length=11, examples=[list(STANDARD)])]


class ViewOwner(BaseModel):
    """Whose a view is."""

    id: int = Field(description="The user's number.")
    name: str = Field(description="What they call themselves, or else their e-mail address.")


class ViewFilter(TaskFilter):
    """Which tasks a view shows: every filter, also those that leave all tasks in."""


class ViewOut(BaseModel):
    """A saved view: which tasks of the queue, and how they are shown."""

    model_config = _shown(examples.VIEW)

    id: int = Field(description="Its number.")
    name: str = Field(description="As its owner calls it.")
    shared: bool = Field(description="All who may see tasks see it; else its owner alone.")
    owner: ViewOwner | None = Field(description="Whose it is. null: its owner was removed, or a key of nobody made it.")
    mine: bool = Field(description="It is yours.")
    may_edit: bool = Field(description="You may change and delete it.")
    filter: ViewFilter = Field(
        description="What `GET /tasks` is asked with. `me` is whoever looks. An integration that there is no more, or "
        "that you may not see, stands in it by its number, which matches nothing."
    )
    sort: Sort = Field(description="What `GET /tasks` is to be sorted by.")
    group_by: GroupBy = Field(description="Under which headings the tasks stand.")
    columns: list[Column] = Field(description="What is shown of a task beside its title, in this order.")
    version: int = Field(description="Grows with each change. `If-Match` takes it, in quotes, as it takes an ETag.")
    created_at: datetime = Field(description="When it was saved first.")
    updated_at: datetime = Field(description="When it was changed last.")


class ViewPage(CountedPage):
    """Your views and those that are shared, in the order they were made."""

    model_config = _shown(examples.PAGE)

    items: list[ViewOut] = Field(description="Those of this page.")


class ViewIn(Body):
    """The view that is wanted."""

    model_config = _taken(examples.NEW)

    name: Name = Field(description="No two of yours may bear the same, however it is written.")
    shared: Flag = Field(False, description="All who may see tasks see it. It needs `tasks:write`.")
    filter: TaskFilter = Field(default_factory=TaskFilter, description="Left out: the open tasks.")
    sort: Sort = Field("rank", description="What the tasks are sorted by.")
    group_by: GroupBy = Field("none", description="Under which headings they stand.")
    columns: Columns = Field(
        default_factory=lambda: list(STANDARD), description="What is shown of a task beside its title, in this order."
    )


class ViewPatch(Body):
    """What is to change. What is left out stays; a filter is replaced as a whole."""

    model_config = _taken(examples.EDIT)

    name: Annotated[Name | None, Given] = Field(None, description="No two of an owner's may bear the same.")
    shared: Annotated[Flag | None, Given] = Field(None, description="false: from now on its owner alone sees it.")
    filter: Annotated[TaskFilter | None, Given] = Field(None, description="The whole filter.")
    sort: Annotated[Sort | None, Given] = Field(None, description="What the tasks are sorted by.")
    group_by: Annotated[GroupBy | None, Given] = Field(None, description="Under which headings they stand.")
    columns: Annotated[Columns | None, Given] = Field(None, description="All columns, in their order.")
