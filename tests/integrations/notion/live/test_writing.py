"""Notion is told how a task stands: which status a row gets, what it gets back, and what is not overwritten."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Rejected, Throttled, Unauthorised, Unreachable
from app.integrations.notion import MANIFEST
from app.integrations.notion.live.asking import QUERY, ROW, SCHEMA
from app.integrations.notion.live.statuses import Column
from app.integrations.notion.live.writing import TRASHED, UPDATE, stored
from app.integrations.writing import Mark, Target
from scripts.fake_composio.faults import drop
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.notion_shapes import Json, status_schema, usual_schema
from tests.integrations.notion.live.world import World, key
from tests.integrations.pulled import START
from tests.integrations.told import GATEWAYS, Killed, Told, Wire, raising, through

MARKS: tuple[Mark, ...] = ("open", "waiting", "snoozed", "done", "declined")
GROUPS = {
    "To-do": ["Backlog", "Next"],
    "In progress": ["Doing", "On hold"],
    "Complete": ["Done", "Shipped", "Won't do"],
}
EVERYTHING = {"snoozed_status": "On hold", "waiting_status": "Doing", "declined_status": "Won't do"}


def select(*names: str) -> Json:
    return {"type": "select", "select": {"options": [{"name": name} for name in names]}}


@dataclass
class Table:
    """A table of tasks whose rows were pulled."""

    status: Json = field(default_factory=lambda: status_schema(GROUPS))
    had: Any = "Next"
    settings: dict[str, Any] = field(default_factory=dict)
    name: str = "Status"
    others: tuple[Any, ...] = ()
    """What other rows of the table have."""
    space: NotionSpace = field(default_factory=lambda: NotionSpace(lambda: START))
    wire: Wire = field(init=False)
    told: Told = field(init=False)

    def __post_init__(self) -> None:
        rest = {name: what for name, what in usual_schema().items() if name not in ("Status", "Priority")}
        self.database = self.space.add_database("Tasks", {**rest, self.name: self.status})
        self.row = self.add(self.had)
        for each in self.others:
            self.add(each)
        self.known = [self.row]
        self.seen: dict[str, str] = {}
        """What rows had when they were pulled, where that isn't what they have."""
        self.wire = Wire(self.space)
        self.told = Told(MANIFEST, self.wire, lambda: tuple(map(self.target, self.known)), settings=self.settings)

    def add(self, status: Any) -> str:
        return self.space.add_row(self.database, {"Name": f"Row {len(self.space.rows)}", self.name: status})

    def target(self, row: str) -> Target:
        now = self.stands(row) if row in self.space.rows else ""
        status = self.seen.get(row, now if isinstance(now, str) else "")
        return Target(external_id=key(row), keys=(f"notion:{key(row)}",), status=stored(status))

    def stands(self, row: str = "") -> Any:
        said = self.space.rows[row or self.row].properties[self.name]
        inner = said[said["type"]]
        return inner["name"] if isinstance(inner, dict) else "" if inner is None else inner

    def change(self, status: Any) -> None:
        """Somebody sets it in Notion, and nothing is pulled since."""
        self.seen.setdefault(self.row, self.stands())
        self.space.edit_row(self.row, {self.name: status})


SELECT = select("To do", "In review", "Done", "Cancelled")
BOX: dict[str, Any] = {"status": {"type": "checkbox", "checkbox": {}}, "name": "Done"}
GERMAN = status_schema({"Später": ["Idee"], "Jetzt": ["In Arbeit"], "Fertig": ["Erledigt"]})
CASES: dict[str, tuple[dict[str, Any], Mark, Any]] = {
    "done: the first of Complete": ({}, "done", "Done"),
    "done, as it is set": ({"settings": {"done_status": "Shipped"}}, "done", "Shipped"),
    "declined: what means so": ({}, "declined", "Won't do"),
    "declined, as it is set": ({"settings": {"declined_status": "Done"}}, "declined", "Done"),
    "snoozed, where it is set": ({"settings": EVERYTHING}, "snoozed", "On hold"),
    "waiting, where it is set": ({"settings": EVERYTHING}, "waiting", "Doing"),
    "a row without a status": ({"had": None}, "done", "Done"),
    "a select: by its words": ({"status": SELECT, "had": "To do"}, "done", "Done"),
    "a select: declined": ({"status": SELECT, "had": "To do"}, "declined", "Cancelled"),
    "a check box": ({**BOX, "had": False}, "done", True),
    "groups that were renamed": ({"status": GERMAN, "had": "Idee"}, "done", "Erledigt"),
    "closed there: open again is the first to do": ({"had": "Shipped"}, "open", "Backlog"),
    "closed there: open again, as it is set": ({"had": "Shipped", "settings": {"open_status": "Next"}}, "open", "Next"),
    "a select closed there": ({"status": SELECT, "had": "Done"}, "open", "To do"),
    "a box checked there": ({**BOX, "had": True}, "open", False),
}


@pytest.mark.parametrize(("given", "mark", "stands"), CASES.values(), ids=CASES)
async def test_the_status_for_each_mark(given: dict[str, Any], mark: Mark, stands: Any) -> None:
    table = Table(**given)

    written = await table.told.tell(mark)

    called = {True: "checked", False: "not checked"}.get(stands, f"«{stands}»")
    assert (written.outcome, written.detail) == ("done", f"It is {called} in Notion now.")
    assert table.stands() == stands
    assert [tool for tool, _ in table.wire.calls] == [ROW, SCHEMA, QUERY, UPDATE]


@pytest.mark.parametrize("mark", ["snoozed", "waiting"])
async def test_what_is_snoozed_or_waits_is_let_be_unless_it_is_set(mark: Mark) -> None:
    table = Table()

    assert (await table.told.tell(mark)).outcome == "nothing"
    assert table.wire.calls == []


async def test_a_check_box_says_nothing_of_what_is_declined() -> None:
    table = Table(**BOX, had=False)

    assert (await table.told.tell("declined")).outcome == "nothing"
    assert table.stands() is False


@pytest.mark.parametrize(
    ("had", "mark"), [("Shipped", "done"), ("Done", "done"), ("Won't do", "declined"), ("Doing", "open")]
)
async def test_what_the_table_says_in_its_own_words_already_stays(had: str, mark: Mark) -> None:
    table = Table(had=had)

    written = await table.told.tell(mark)

    assert (written.outcome, written.detail) == ("already", f"It is «{had}» in Notion already.")
    assert table.wire.wrote() == []
    assert table.told.effect == {}


@pytest.mark.parametrize("had", ["Next", "Doing", "On hold", None])
async def test_open_again_gives_back_what_it_had(had: Any) -> None:
    table = Table(had=had)
    await table.told.tell("done")
    await table.told.tell("declined")

    await table.told.tell("open")

    assert table.stands() == (had or "")
    assert table.told.effect == {}


async def test_a_mark_that_asks_for_nothing_gives_it_back_too() -> None:
    table = Table()
    await table.told.tell("done")

    await table.told.tell("snoozed")

    assert (table.stands(), table.told.effect) == ("Next", {})


async def test_what_was_closed_there_once_is_not_closed_again_by_what_is_snoozed() -> None:
    table = Table(had="Shipped")
    await table.told.tell("declined")

    await table.told.tell("snoozed")

    assert table.stands() == "Backlog"


async def test_several_rows_of_a_task_are_told_each() -> None:
    table = Table()
    table.known.append(table.add("Doing"))

    await table.told.tell("done")
    assert [table.stands(each) for each in table.known] == ["Done", "Done"]
    await table.told.tell("open")
    assert [table.stands(each) for each in table.known] == ["Next", "Doing"]


class TestWhatSomebodyChangedMeanwhile:
    async def test_is_a_conflict_that_names_both_and_nothing_is_overwritten(self) -> None:
        table = Table()
        table.change("Doing")

        written = await table.told.tell("done")

        assert written.outcome == "conflict"
        assert written.detail == "It is «Doing» in Notion by now, it was «Next»; nothing was overwritten."
        assert table.wire.wrote() == []

    async def test_is_overwritten_where_a_person_wants_it_and_comes_back_as_it_was_then(self) -> None:
        table = Table()
        table.change("Doing")

        assert (await table.told.tell("done", overwrite=True)).outcome == "done"
        assert table.stands() == "Done"
        await table.told.tell("open")
        assert table.stands() == "Doing"

    async def test_to_what_we_wanted_is_none(self) -> None:
        table = Table()
        table.change("Shipped")

        assert (await table.told.tell("done")).outcome == "already"

    async def test_after_our_write_is_theirs_and_not_given_back(self) -> None:
        table = Table()
        table.seen[table.row] = "Next"
        await table.told.tell("done")
        table.space.edit_row(table.row, {"Status": "Doing"})

        written = await table.told.tell("open")

        assert (written.outcome, table.stands(), table.told.effect) == ("already", "Doing", {})

    async def test_is_not_what_we_wrote_ourselves_and_have_not_pulled_yet(self) -> None:
        table = Table()
        table.seen[table.row] = "Next"
        await table.told.tell("done")

        assert (await table.told.tell("open")).outcome == "done"
        assert table.stands() == "Next"

    async def test_in_one_of_two_rows_keeps_both(self) -> None:
        table = Table()
        table.known.insert(0, table.add("Doing"))
        table.change("Backlog")

        assert (await table.told.tell("done")).outcome == "conflict"
        assert table.wire.wrote() == []

    async def test_is_not_a_status_that_only_says_yes(self) -> None:
        table = Table(select("Yes", "No"), "No", name="Done")

        assert (await table.told.tell("done")).outcome == "done"
        assert table.stands() == "Yes"


class TestWhatCannotBeWritten:
    @pytest.mark.parametrize(
        ("given", "mark", "says"),
        [
            ({"status": select("One", "Two"), "had": "One"}, "done", "has no option that means done"),
            ({"status": select("To do", "Done"), "had": "To do"}, "declined", "has no option that means declined"),
            ({"settings": {"done_status": "Finished"}}, "done", "has no option «Finished». Correct the settings"),
            ({"status": {"type": "rich_text"}, "had": "Open"}, "done", "it is of the sort «rich_text»"),
            ({"status": {"type": "number"}, "had": 3, "name": "Size"}, "done", "No column of the table is its status"),
        ],
    )
    async def test_is_refused_with_what_to_do(self, given: dict[str, Any], mark: Mark, says: str) -> None:
        table = Table(**given)

        written = await table.told.tell(mark)

        assert written.outcome == "refused"
        assert says in written.detail
        assert table.wire.wrote() == []

    async def test_a_row_in_the_trash(self) -> None:
        table = Table()
        table.space.trash_row(table.row)

        written = await table.told.tell("done")

        assert (written.outcome, written.detail) == (
            "refused",
            "The row lies in Notion's trash. Restore it there, and try again.",
        )

    @pytest.mark.parametrize("gone", [True, False])
    async def test_a_row_that_is_gone_or_no_longer_shared(self, gone: bool) -> None:
        table = Table()
        if gone:
            table.space.delete_row(table.row)
        else:
            table.space.share(table.database, False)

        written = await table.told.tell("done")

        assert written.outcome == "refused"
        assert "no longer in Notion" in written.detail

    async def test_one_row_in_the_trash_does_not_stop_the_other(self) -> None:
        table = Table()
        other = table.add("Doing")
        table.known.append(other)
        await table.told.tell("done")
        table.space.trash_row(table.row)

        written = await table.told.tell("open")
        assert table.stands(other) == "Doing"
        assert written.detail == f"It is «Doing» in Notion now. Of another row: {TRASHED}"
        assert (await table.told.tell("open")).detail == f"It is «Doing» in Notion already. Of another row: {TRASHED}"
        table.space.restore_row(table.row)
        await table.told.tell("open")

        assert table.stands() == "Next"

    async def test_without_leave_the_capability_is_named(self) -> None:
        table = Table()
        table.space.let_write(False)

        with pytest.raises(Unauthorised, match=r"lacks «Update content»\. Reconnect Notion"):
            await table.told.tell("done")


async def test_of_a_database_with_several_sources_options_are_those_of_its_rows() -> None:
    table = Table(others=("Done",))
    table.space.add_data_source(table.database, "More")

    assert (await table.told.tell("done")).outcome == "done"
    assert table.stands() == "Done"
    table.told.settings = {"done_status": "Shipped"}
    await table.told.tell("done")
    assert table.stands() == "Shipped"
    await table.told.tell("open")
    assert table.stands() == "Next"


async def test_what_notion_does_not_know_is_its_refusal() -> None:
    table = Table(settings={"done_status": "Finished"})
    table.space.add_data_source(table.database, "More")

    with pytest.raises(Rejected, match="Invalid status option"):
        await table.told.tell("done")


async def test_a_column_that_a_person_named_is_the_status() -> None:
    table = Table(select("Red", "Green"), "Red", name="Lamp", settings={"columns": {"lamp": "status"}})
    table.told.settings["done_status"] = "Green"

    await table.told.tell("done")

    assert table.stands() == "Green"


async def test_the_next_pull_reads_what_was_written() -> None:
    world = World()
    tasks = world.space.add_database("Tasks")
    row = world.space.add_row(tasks, {"Name": "Roof", "Status": "Doing"})
    await world.pull()
    target = Target(external_id=key(row), status="Doing")
    told = Told(MANIFEST, Wire(world.space), lambda: (target,))

    await told.tell("done")
    world.clock.advance(minutes=5)
    await world.pull()

    work = world.store.work("Roof")
    assert (work.status, work.status_name) == ("done", "Done")


@pytest.mark.parametrize(
    "error", [Throttled("Slower."), Unreachable("Away."), Unauthorised("Connect it again."), Rejected("No.")]
)
@pytest.mark.parametrize("tool", [ROW, SCHEMA, UPDATE])
async def test_each_failure_is_raised_and_the_next_attempt_ends_the_same(tool: str, error: Exception) -> None:
    table = Table()
    table.seen[table.row] = "Next"
    table.wire.before[tool] = [raising(error)]

    with pytest.raises(type(error)):
        await table.told.tell("done")
    await table.told.tell("done")

    assert table.stands() == "Done"
    await table.told.tell("open")
    assert table.stands() == "Next"


async def test_the_same_write_twice_is_one_effect() -> None:
    table = Table()
    await table.told.tell("done")

    again = await table.told.tell("done")

    assert again.outcome == "already"
    assert table.wire.wrote() == [UPDATE]


KILLS = {
    "before the look": (ROW, False),
    "between look and change": (UPDATE, False),
    "after the change, before its answer": (UPDATE, True),
}


@pytest.mark.parametrize(("tool", "after"), KILLS.values(), ids=KILLS)
@pytest.mark.parametrize("first", ["open", "declined"])
@pytest.mark.parametrize("then", ["done", "open"])
async def test_killed_anywhere_the_end_is_the_same(tool: str, after: bool, first: Mark, then: Mark) -> None:
    table = Table()
    table.seen[table.row] = "Next"
    await table.told.tell(first)
    (table.wire.after if after else table.wire.before)[tool] = [raising(Killed())]
    with pytest.raises(Killed):
        await table.told.tell("done")

    assert (await table.told.tell(then)).outcome in ("done", "already")
    assert (await table.told.tell("done")).outcome in ("done", "already")
    assert table.stands() == "Done"
    await table.told.tell("open")

    assert table.stands() == "Next"


@settings(max_examples=150, deadline=None)
@given(
    marks=st.lists(st.sampled_from(MARKS), max_size=8),
    kills=st.sets(st.integers(0, 8), max_size=4),
    late=st.booleans(),
    had=st.sampled_from(["Backlog", "Next", "Doing", "On hold", None]),
    pulled=st.booleans(),
    given_=st.sampled_from([{}, EVERYTHING]),
)
async def test_whatever_is_told_and_wherever_it_is_cut_off_open_means_as_before(
    marks: list[Mark], kills: set[int], late: bool, had: Any, pulled: bool, given_: dict[str, Any]
) -> None:
    table = Table(had=had, settings=dict(given_))
    if not pulled:
        table.seen[table.row] = had or ""
    steps: list[Callable[[], Any]] = [raising(Killed()) if place in kills else lambda: None for place in range(9)]
    (table.wire.after if late else table.wire.before)[UPDATE] = steps

    for mark in marks:
        try:
            assert (await table.told.tell(mark)).outcome in ("done", "already", "nothing")
        except Killed:
            continue
    steps.clear()
    await table.told.tell("open")

    assert table.stands() == (had or "")
    assert table.told.effect == {}


def test_what_options_mean_is_what_the_pull_takes_them_for() -> None:
    grouped = Column("Status", "status", ("Done", "Dropped"), {"Open": "open", "Done": "done", "Dropped": "done"})
    plain = Column("Stage", "select", ("Blue", "In progress", "Done"))

    assert [grouped.means(each) for each in ("Open", "Done", "Dropped", "New")] == ["open", "done", "declined", "open"]
    assert [grouped.first("open"), grouped.first("declined"), plain.first("open")] == ["Open", "Dropped", "In progress"]
    assert plain.first("declined") is None


@pytest.mark.parametrize("gateway", GATEWAYS)
async def test_over_http_a_lost_answer_is_no_second_write(gateway: str) -> None:
    table = Table()
    table.seen[table.row] = "Next"
    async with through(gateway, MANIFEST, table.space) as (tools, fake):
        table.told.tools = tools
        fake.faults.add(drop("after"), on=UPDATE, times=1)
        with pytest.raises(Unreachable):
            await table.told.tell("done")
        assert (await table.told.tell("done")).outcome == "already"
        assert fake.calls.count(UPDATE) == 1
        table.space.let_write(False)
        with pytest.raises(Unauthorised, match="Update content"):
            await table.told.tell("open")
        table.space.let_write(True)
        await table.told.tell("open")
        table.space.trash_row(table.row)
        refused = await table.told.tell("done")

    assert table.stands() == "Next"
    assert refused.outcome == "refused"
