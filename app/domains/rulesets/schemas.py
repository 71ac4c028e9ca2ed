"""Rulesets, calendars and the catalogue of facts as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.core.page_schema import Page, WholeList
from app.domains.rulesets import examples
from app.domains.rulesets.naming import LATEST, LONGEST_AUTHOR, LONGEST_NOTE


def _whole(value: Any) -> Any:
    if isinstance(value, str) and any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds characters that can't be stored (NUL or lone surrogates)")
    return value


Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE), BeforeValidator(_whole)]
Author = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_AUTHOR), BeforeValidator(_whole)]
_RULESET = 'name = "own"\nbands = { now = 70, next = 40, later = 15 }\n\n[[rules]]\nid = "urgent"\n…'


class RulesetVersion(BaseModel):
    """A ruleset, and which of its versions."""

    name: str = Field(description="Its name.", examples=["default"])
    version: int = Field(description="Counted from 1 for each name.", examples=[2])


class RulesetItem(BaseModel):
    """A ruleset by its newest version."""

    name: str = Field(description="Its name.", examples=["default"])
    version: int = Field(description="The newest.", examples=[3])
    active: bool = Field(description="One of its versions ranks the tasks.")
    active_version: int | None = Field(description="Which one; null where another ruleset is active.")
    versions: int = Field(description="How many there are.")
    shipped: bool = Field(description="A ruleset of this name comes with Watchfloor.")
    description: str = Field(description="What the newest version says of itself; may be empty.")
    rules: int = Field(description="How many rules the newest version has.", examples=[26])
    updated_at: datetime = Field(description="When the newest version was saved.")


class RulesetPage(Page):
    """A page of rulesets."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RULESETS]})

    items: list[RulesetItem] = Field(description="By name.")


class VersionOut(BaseModel):
    """One version, without its text."""

    name: str = Field(description="Its name.", examples=["default"])
    version: int = Field(description="Counted from 1 for each name.", examples=[2])
    active: bool = Field(description="It ranks the tasks.")
    author: str = Field(description="`watchfloor` of what was shipped, `person` where nobody said.", examples=["ana"])
    note: str = Field(description="May be empty.", examples=["Friday's deadlines come first"])
    created_at: datetime = Field(description="When it was saved.", examples=["2026-03-02T09:00:00Z"])
    digest: str = Field(description="Of the text, 16 hexadecimal digits.", examples=["0f3c9d1e5a7b2468"])
    description: str = Field(description="What it says of itself; may be empty.")
    rules: int = Field(description="How many rules it has.")


class VersionPage(Page):
    """A page of versions."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.VERSIONS]})

    items: list[VersionOut] = Field(description="The newest first.")


class RulesetOut(VersionOut):
    """One version of a ruleset, as text and as data."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RULESET]})

    text: str = Field(description="TOML, exactly as it was saved.", examples=[_RULESET])
    document: dict[str, Any] = Field(description="The same as JSON, without the comments.")


class SavedOut(RulesetOut):
    """The version that was saved."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SAVED]})

    changed: bool = Field(description="False where the text is that of the newest version: then nothing was saved.")
    previous: RulesetVersion | None = Field(description="The version before it.")


class RulesetProblemOut(BaseModel):
    """Something wrong in a ruleset."""

    where: str = Field(examples=["rules[3] urgent.when"], description="Counted from 1, as people do.")
    rule: str | None = Field(description="The rule's id, where it is about one.", examples=["urgent"])
    field: str | None = Field(description="The field it is about, where it is about one.", examples=["when"])
    message: str = Field(
        description="What is wrong, as a sentence without its subject.",
        examples=["there is no fact or function 'says_urgnt'; did you mean 'says_urgent'?"],
    )
    line: int | None = Field(description="From 1: within the expression, or within a document that can't be read.")
    column: int | None = Field(description="From 1, in that line.")
    document_line: int | None = Field(
        description="From 1: the line of the field or table in the TOML text, where that can be told; null of a "
        "document that was sent as JSON.",
        examples=[41],
    )


class CheckedOut(BaseModel):
    """Whether it could be saved; nothing was."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHECKED]})

    valid: bool = Field(description="It could be saved.")
    problems: list[RulesetProblemOut] = Field(description="All of them, in the order of the document.")
    name: str | None = Field(description="As the document has it, where it can be read.", examples=["own"])
    rules: int | None = Field(description="How many there are; null where it is not valid.")


class ActivateIn(BaseModel):
    """Which version, and why. All of it may be left out."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int | None, Field(strict=True, ge=1, le=LATEST, description="Without it, the newest.")] = None
    note: Note = Field("", description="Why; kept with the activation.", examples=["As agreed on Friday"])
    author: Author = Field("", description="Who you are; `person` where nobody is named.", examples=["ana"])


class RollBackIn(BaseModel):
    """Why, and who says so. All of it may be left out."""

    model_config = ConfigDict(extra="forbid")

    note: Note = Field("", description="Why; kept with the activation.", examples=["Too many tasks in “now”"])
    author: Author = Field("", description="Who you are; `person` where nobody is named.", examples=["ana"])


class ActivatedOut(BaseModel):
    """What ranks from now on. Tasks are ranked again within moments."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACTIVATED]})

    ruleset: VersionOut = Field(description="What ranks from now on.")
    previous: RulesetVersion | None = Field(description="What ranked before; null where nothing was activated yet.")
    changed: bool = Field(description="False where it was active already.")


class ActivationOut(BaseModel):
    """That a ruleset became the one that ranks."""

    id: int = Field(description="Its number; later ones have higher ones.", examples=[7])
    name: str = Field(description="The ruleset.", examples=["default"])
    version: int = Field(description="Which version of it.", examples=[2])
    at: datetime = Field(description="From when on it ranked.", examples=["2026-03-02T09:00:00Z"])
    actor: str = Field(description="Who did it; `watchfloor` is the program.", examples=["ana"])
    note: str = Field(description="Why; may be empty.", examples=["As agreed on Friday"])
    rolled_back: bool = Field(description="Somebody went back to it.")


class ActivationPage(Page):
    """A page of activations."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACTIVATIONS]})

    items: list[ActivationOut] = Field(description="The newest first.")


class FieldChangeOut(BaseModel):
    """null stands for a field that is absent."""

    field: str = Field(
        description="Which one; `position` is its place among the others.",
        examples=["points", "curve.points", "position"],
    )
    before: Any = Field(description="Its value before.", examples=[30])
    after: Any = Field(description="Its value after.", examples=[35])


class ChangeOut(BaseModel):
    """A rule, override, target, group, band or setting that differs."""

    what: Literal["added", "removed", "changed"] = Field(description="What became of it.")
    section: str = Field(examples=["rule"], description="rule, override, target, group, band or setting.")
    id: str = Field(description="Its id, or its name where it has none.", examples=["urgent"])
    title: str = Field(description="What people call it.", examples=["Says urgent"])
    fields: list[FieldChangeOut] = Field(
        description="The fields that differ; of what was added or removed, all of them."
    )


class DiffOut(BaseModel):
    """What changed between two versions."""

    model_config = ConfigDict(populate_by_name=True, json_schema_extra={"examples": [examples.DIFF]})

    name: str = Field(description="The ruleset.", examples=["default"])
    from_: int | None = Field(alias="from", description="null: there is none before, so all of it is new.")
    to: int = Field(description="The version that is compared with that one.", examples=[2])
    text: str = Field(description="A unified diff of the texts; empty where they are the same.")
    changes: list[ChangeOut] = Field(description="What is different in meaning, whatever the layout.")


class FactOut(BaseModel):
    """A fact that rules may look at."""

    name: str = Field(description="What conditions call it.", examples=["due_at"])
    type: str = Field(examples=["timestamp"], description="Its type in conditions; `clock` is for targets and curves.")
    meaning: str = Field(description="What it says of a task.", examples=["When it is due"])
    example: Any = Field(description="A value that it can have.", examples=["2026-03-05T16:00:00Z"])
    values: list[str] = Field(description="All the values it can have; empty: any.")
    most: int | None = Field(description="No value is above it; null: no such bound.")


class FactList(WholeList):
    """All facts."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FACTS]})

    items: list[FactOut] = Field(description="In the catalogue's order.")


class Holiday(BaseModel):
    """A day on which nobody works."""

    on: str = Field(description="The day, as YYYY-MM-DD.", examples=["2026-05-01"])
    name: str = Field(description="What it is called.", examples=["Labour Day"])


class CalendarOut(BaseModel):
    """When people work. What is here can be sent back to PUT."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CALENDAR]})

    name: str = Field(description="What targets and curves call it.", examples=["office"])
    version: int = Field(description="0 for one that is built in.")
    zone: str = Field(description="A name of the time zone database.", examples=["Europe/Berlin"])
    hours: dict[str, list[str]] = Field(
        description="By weekday, the times of work; a day without any is closed.",
        examples=[{"monday": ["09:00-12:00", "13:00-17:00"]}],
    )
    holidays: list[str | Holiday] = Field(
        description="Closed all day: a date, or a date with its name.",
        examples=[["2026-12-25", {"on": "2026-05-01", "name": "Labour Day"}]],
    )
    author: str = Field(description="Who put it; `watchfloor` of what is built in.", examples=["ana"])
    note: str = Field(description="Why; may be empty.", examples=["Short Fridays"])
    created_at: datetime | None = Field(description="null for one that is built in.")


class CalendarPut(CalendarOut):
    """The calendar as it counts now, and whether that is new."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CALENDAR_PUT]})

    changed: bool = Field(description="False where it was so already: then nothing was saved.")


class CalendarPage(Page):
    """A page of calendars."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CALENDARS]})

    items: list[CalendarOut] = Field(description="By name; of the versions of one, the newest first.")
