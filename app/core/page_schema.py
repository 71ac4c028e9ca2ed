"""What every page of a list says beside its items."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


def _goes_on(page: dict[str, Any]) -> bool:
    return page.get("next_cursor") is not None


class Page(BaseModel):
    """A page of a list; each list says of what."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    items: list[Any]
    next_cursor: str | None = Field(description="`cursor` of the page after this one; null on the last.")
    has_more: bool = Field(default_factory=_goes_on, description="There is a page after this one.")


class CountedPage(Page):
    """A page of a list that can be counted."""

    total: int | None = Field(None, description="How many there are in all; only with `count=true`.")


class WholeList(Page):
    """A list that always comes at once."""

    next_cursor: None = Field(None, description="Always null: they come at once.")
    has_more: Literal[False] = Field(False, description="Always false.")
