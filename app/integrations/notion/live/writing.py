"""Telling Notion how a task stands: its rows' status is set, unless somebody changed it there meanwhile.

The row is read first, and the table's schema and first rows, by which the pull too knows the column that is the
status. What a row had and what we wrote is the effect, by row, so that it gets back what it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import NotThere, Unauthorised
from app.integrations.exports import values
from app.integrations.exports.charset import clean
from app.integrations.notion import survey
from app.integrations.notion.cells import Json, Names, a_dict, a_list, a_text, an_id, cell
from app.integrations.notion.live.asking import SERVICE, Asking, Lane
from app.integrations.notion.live.meanings import guessed
from app.integrations.notion.live.run import asked_of
from app.integrations.notion.live.settings import NotionSettings
from app.integrations.notion.live.statuses import SORTS, Column, Decision, Ours, Value, decide
from app.integrations.writing import Mark, Target, Write, Writing, Written

UPDATE = "NOTION_UPDATE_PAGE"
CAPABILITY = "Update content"
LACKING = f"Notion lets this connection read only: it lacks «{CAPABILITY}». Reconnect Notion and grant it."
GONE = "The row is no longer in Notion, or not shared with this connection any more."
TRASHED = "The row lies in Notion's trash. Restore it there, and try again."
HOMELESS = "The row stands in no table of Notion any more, and so has no status."
NO_STATUS = "No column of the table is its status. Say which one is under «columns» in the settings."


@dataclass(slots=True)
class Row:
    """A row as it stands, and what becomes of it."""

    id: str
    column: Column
    now: Value
    before: Ours | None
    """What of ours stands there."""
    decision: Decision
    was: str = ""
    """What the person saw it be, where it is another by now."""

    @property
    def differs(self) -> bool:
        return self.decision.wanted is not None and self.decision.wanted != self.now

    def effect(self, *, planned: bool = False) -> Json:
        """What of ours stands there then; `planned`: or did before, as nobody knows yet."""
        had = self.before.had if self.before else self.now
        then = self.decision.wanted if self.differs else self.now
        if not planned and (then == had or not (self.before or self.differs)):
            return {}
        wrote = [self.now, then] if planned and self.before else [then]
        return {"column": self.column.name, "had": had, "wrote": wrote}


@dataclass(slots=True)
class Going:
    """One write on its way."""

    write: Write
    settings: NotionSettings
    asking: Asking = field(init=False)
    rows: list[Row] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(init=False)
    """What of ours stands in rows that nothing can be said of."""

    def __post_init__(self) -> None:
        self.asking = Asking(self.write.tools)
        self.kept = dict(self.write.effect)

    async def look(self, own: str, status: str | None) -> None:
        """Read a row, and work out what becomes of it. `status`: what it is expected to be. Raises Upstream."""
        try:
            said = await self.asking.row(own)
        except NotThere:
            self.kept.pop(own, None)
            self.refused.append(GONE)
            return
        if any(said.get(name) is True for name in survey.GONE):
            self.refused.append(TRASHED)
            return
        column = await self.column(said)
        if isinstance(column, str):
            self.refused.append(column)
            return
        now = value_of(said, column)
        known = ours_of(self.write.effect.get(own))
        before = known if known and known.stands(column, now) else None
        decision = decide(self.settings, self.write.mark, column, now, before)
        row = Row(own, column, now, before, decision)
        if decision.refused:
            self.refused.append(decision.refused)
            return
        if status is not None and not before and isinstance(now, str) and stored(now) != stored(status):
            row.was = column.called(status)
        self.kept.pop(own, None)
        self.rows.append(row)

    @property
    def effect(self) -> Json:
        return self.kept | {each.id: told for each in self.rows if (told := each.effect())}

    async def column(self, said: Json) -> Column | str:
        """The status column of the row's table, or why there is none that can be written, for people."""
        parent = a_dict(said.get("parent"))
        database = an_id(parent.get("database_id"))
        if not database:
            return HOMELESS
        lanes = await self.asking.lanes(database)
        source = an_id(parent.get("data_source_id"))
        lane = next((each for each in lanes if source and source in (each.key, each.source)), lanes[0])
        rows = (await self.asking.rows(lane, within=None, by="created_time")).found
        found = next((each for each in guessed(lane, rows, asked_of(self.settings)) if each.field == "status"), None)
        return column_of(found.name, lane, rows, said) if found else NO_STATUS


class NotionWriter:
    """How Notion is told (app.integrations.writing.Writer)."""

    def writes(self, _settings: Any, _mark: Mark, _before: Mark, /) -> bool:
        """Always: where a mark asks for nothing, what an earlier one did is taken back."""
        return True

    async def write(self, write: Write, /) -> Written:
        settings = _checked(write.settings)
        if write.mark in ("snoozed", "waiting") and not write.effect and not _names(settings, write.mark):
            return Written(outcome="nothing")
        going = Going(write, settings)
        expected = {each.external_id: expected_of(each, write) for each in write.targets}
        for own in dict.fromkeys([*expected, *write.effect]):
            await going.look(own, expected.get(own))
        return await carry_out(going)


async def carry_out(going: Going) -> Written:
    """Write what differs, where nobody else changed it. Raises Upstream."""
    write, rows = going.write, going.rows
    writable = [each for each in rows if each.differs]
    if not write.overwrite and (changed := next((each for each in writable if each.was), None)):
        return Written(outcome="conflict", detail=_conflict(changed))
    if not rows:
        return Written(outcome="refused", detail=going.refused[0])
    if not writable:
        if all(each.decision.wanted is None for each in rows):
            return Written(outcome="nothing")
        return Written(outcome="already", detail=_already(rows) + _of_others(going), effect=going.effect)
    planned = {each.id: each.effect(planned=True) for each in writable}
    await write.plan({**write.effect, **planned})
    for each in writable:
        if isinstance(each.decision.wanted, str | bool):
            await put(write, each.id, each.column, each.decision.wanted)
    return Written(outcome="done", detail=_said(writable) + _of_others(going), effect=going.effect)


async def put(write: Write, own: str, column: Column, value: Value) -> None:
    """Raises Upstream."""
    inner = value if isinstance(value, bool) else ({"name": value} if value else None)
    try:
        await Asking(write.tools).call(UPDATE, page_id=own, properties={column.name: {column.sort: inner}})
    except Unauthorised as error:
        raise Unauthorised(LACKING, service=SERVICE, happened=False) from error


def column_of(name: str, lane: Lane, rows: Sequence[Any], said: Json) -> Column | str:
    """The column with its options, as the schema tells them; where it does not, as rows have them."""
    schema = {clean(each): what for each, what in a_dict(lane.schema.get("properties")).items()}
    held = {clean(each): (each, what) for each, what in a_dict(said.get("properties")).items()}
    if name not in held:
        return f"The row has no column «{name}» any more. It is pulled again soon; try again then."
    raw, value = held[name]
    sort = a_text(a_dict(value).get("type"))
    if sort not in SORTS:
        return f"The column «{name}» can't be written: in Notion it is of the sort «{sort}»."
    told = a_dict(a_dict(schema.get(name)).get(sort))
    options = [a_text(a_dict(each).get("name")) for each in a_list(told.get("options"))]
    if sure := bool(options):
        return Column(raw, sort, tuple(options), survey.groups_of(told) if sort == "status" else {}, sure)
    met = (a_dict(a_dict(a_dict(row).get("properties")).get(raw)) for row in [*rows, said])
    found = dict.fromkeys(a_text(a_dict(each.get(sort)).get("name")) for each in met)
    return Column(raw, sort, tuple(filter(None, found)), sure=False)


def value_of(said: Json, column: Column) -> Value:
    value = a_dict(a_dict(said.get("properties")).get(column.name))
    return value.get("checkbox") is True if column.sort == "checkbox" else cell(value, Names()).text


def ours_of(effect: Any) -> Ours | None:
    told = a_dict(effect)
    return Ours(told["column"], told["had"], tuple(told["wrote"])) if told else None


def expected_of(target: Target, write: Write) -> str:
    """What the person saw it have; of a row that joined the task later, what it had when it was pulled."""
    return write.expected.get(target.external_id, target.status)


def stored(status: str) -> str:
    """As an item keeps it: short, and not at all where it only says yes or no (notion.work.status_of)."""
    word = " ".join(status.split())
    return "" if values.truth_of(word) is not None else word[:100]


def _names(settings: NotionSettings, mark: Mark) -> str:
    return settings.snoozed_status if mark == "snoozed" else settings.waiting_status


def _conflict(row: Row) -> str:
    now = row.column.called(row.now)
    return f"It is {now} in Notion by now, it was {row.was}; nothing was overwritten."


def _already(rows: Sequence[Row]) -> str:
    return f"It is {rows[0].column.called(rows[0].now)} in Notion already."


def _said(rows: Sequence[Row]) -> str:
    wanted = rows[0].decision.wanted
    return f"It is {rows[0].column.called('' if wanted is None else wanted)} in Notion now."


def _of_others(going: Going) -> str:
    """What could not be told of some rows, where it could of others."""
    return "".join(f" Of another row: {each}" for each in dict.fromkeys(going.refused))


def _checked(settings: Any) -> NotionSettings:
    return settings if isinstance(settings, NotionSettings) else NotionSettings.model_validate(settings)


WRITING = Writing(
    writer=NotionWriter,
    tools=(UPDATE,),
    says=(
        "A row whose task is done gets the first status of the group Complete, or is ticked off.",
        "One that is declined gets the first status that means so; where there is none, you are told.",
        "One that is open again gets back the status it had.",
        "A row whose status somebody changed in Notion meanwhile is not overwritten: you are asked.",
        "Which status stands for what can be set; snoozed and waiting rows are let be unless it is set.",
    ),
    scopes={CAPABILITY: "to set the status of rows"},
)
