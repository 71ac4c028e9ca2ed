"""Gmail is told how a task stands: what is archived and labelled, what comes back, and what nobody may lose."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Rejected, Throttled, Unauthorised, Unreachable, Unreadable
from app.integrations.mail.gmail import MANIFEST
from app.integrations.mail.gmail.message import check, to_item
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.tools import CREATE_LABEL, FETCH_THREAD, RELABEL
from app.integrations.mail.gmail.writing import GmailWriter, thread_of
from app.integrations.writing import Mark, Target
from scripts.fake_composio.faults import drop
from scripts.fake_composio.gmail import Mailbox
from tests.conftest import START
from tests.integrations.told import GATEWAYS, Killed, Told, Wire, raising, through

EVERYTHING = {
    "when_done": "archive and label",
    "when_snoozed": "archive and label",
    "when_waiting": "label",
}
MARKS: tuple[Mark, ...] = ("open", "waiting", "snoozed", "done", "declined")


@dataclass
class Inbox:
    """A mailbox with one conversation: a question, our answer, and a question again."""

    settings: dict[str, Any] = field(default_factory=dict)
    box: Mailbox = field(default_factory=lambda: Mailbox(lambda: START))
    wire: Wire = field(init=False)
    told: Told = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.deliver("1", minutes=-60)
        self.ours = self.deliver("2", to="1", minutes=-50, labels=("SENT",))
        self.last = self.deliver("3", to="2", minutes=-40)
        self.wire = Wire(self.box)
        self.told = Told(MANIFEST, self.wire, lambda: tuple(map(self.target, self.known)), settings=self.settings)
        self.known = [self.first, self.ours, self.last]

    def deliver(self, name: str, *, to: str = "", minutes: float = 0, labels: tuple[str, ...] = ("INBOX",)) -> str:
        said: dict[str, Any] = {"in_reply_to": f"<{to}@x.example>"} if to else {}
        at = START + timedelta(minutes=minutes)
        return self.box.deliver(message_id=f"<{name}@x.example>", at=at, labels=labels, **said)

    def target(self, own: str) -> Target:
        item = to_item(check(self.box.messages[own].answer()), self.box.names)
        return Target(external_id=own, keys=item.keys, labels=item.labels)

    def stands(self, own: str) -> set[str]:
        """The labels of a message, by name."""
        return {self.box.names.get(each, each) for each in self.box.messages[own].labels}

    def all(self) -> dict[str, set[str]]:
        return {each: self.stands(each) for each in self.box.messages}


@dataclass(frozen=True)
class Case:
    """What a mark does to the conversation."""

    mark: Mark
    settings: dict[str, Any]
    last: set[str]
    """Labels of its newest message afterwards."""
    says: str
    first: set[str] = field(default_factory=set)
    calls: int = 2
    """Messages that are changed."""


CASES = {
    "done: archived": Case("done", {}, set(), "Archived in Gmail."),
    "declined: archived": Case("declined", {}, set(), "Archived in Gmail."),
    "snoozed: archived and labelled": Case(
        "snoozed", {}, {"Watchfloor/Snoozed"}, "Archived and labelled «Watchfloor/Snoozed» in Gmail."
    ),
    "done: labelled alone": Case(
        "done",
        {"when_done": "label", "done_label": "Finished"},
        {"INBOX", "Finished"},
        "Labelled «Finished» in Gmail.",
        first={"INBOX"},
        calls=1,
    ),
    "waiting: labelled where it is set": Case(
        "waiting",
        {"when_waiting": "label"},
        {"INBOX", "Watchfloor/Waiting"},
        "Labelled «Watchfloor/Waiting» in Gmail.",
        first={"INBOX"},
        calls=1,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_done_for_each_mark(case: Case) -> None:
    inbox = Inbox(case.settings)

    written = await inbox.told.tell(case.mark)

    assert (written.outcome, written.detail) == ("done", case.says)
    assert (inbox.stands(inbox.first), inbox.stands(inbox.ours)) == (case.first, {"SENT"})
    assert inbox.stands(inbox.last) == case.last
    assert inbox.wire.wrote().count(RELABEL) == case.calls


@pytest.mark.parametrize("mark", ["waiting", "open"])
async def test_where_nothing_is_asked_for_and_nothing_was_done_nothing_is_called(mark: Mark) -> None:
    inbox = Inbox()

    assert (await inbox.told.tell(mark)).outcome == "nothing"
    assert inbox.wire.calls == []


async def test_what_is_open_again_is_back_in_the_inbox_and_no_answer_of_ours_with_it() -> None:
    inbox = Inbox()
    before = inbox.all()
    await inbox.told.tell("snoozed")

    written = await inbox.told.tell("open")

    assert (written.outcome, written.detail) == ("done", "Back in Gmail's inbox.")
    assert inbox.all() == before
    assert inbox.told.effect == {}


async def test_what_was_archived_by_a_person_is_not_put_into_the_inbox() -> None:
    inbox = Inbox()
    for each in (inbox.first, inbox.last):
        inbox.box.unlabel(each, "INBOX")

    archived = await inbox.told.tell("done")
    reopened = await inbox.told.tell("open")

    assert (archived.outcome, reopened.outcome) == ("already", "nothing")
    assert inbox.wire.wrote() == []
    assert inbox.stands(inbox.last) == set()


async def test_a_label_of_a_persons_own_stays() -> None:
    inbox = Inbox(EVERYTHING)
    inbox.box.label(inbox.first, "Watchfloor/Done")

    await inbox.told.tell("done")
    await inbox.told.tell("open")

    assert inbox.stands(inbox.first) == {"INBOX", "Watchfloor/Done"}
    assert inbox.stands(inbox.last) == {"INBOX"}


async def test_from_one_mark_to_the_next_only_the_difference_is_written() -> None:
    inbox = Inbox(EVERYTHING)
    await inbox.told.tell("snoozed")
    calls = len(inbox.wire.calls)

    await inbox.told.tell("done")

    assert inbox.stands(inbox.last) == {"Watchfloor/Done"}
    assert inbox.wire.wrote(calls) == [CREATE_LABEL, RELABEL]


@pytest.mark.parametrize("meanwhile", ["trash", "delete"])
async def test_what_a_person_threw_away_meanwhile_is_not_brought_back(meanwhile: str) -> None:
    inbox = Inbox()
    await inbox.told.tell("done")
    getattr(inbox.box, meanwhile)(inbox.first)
    inbox.known.remove(inbox.first)

    await inbox.told.tell("open")

    assert inbox.stands(inbox.last) == {"INBOX"}
    assert meanwhile == "delete" or inbox.stands(inbox.first) == {"TRASH"}
    assert inbox.told.effect == {}


async def test_two_conversations_of_one_task_are_told_both() -> None:
    inbox = Inbox()
    inbox.known.append(inbox.deliver("other", minutes=-30))

    await inbox.told.tell("done")

    assert {each for each, labels in inbox.all().items() if "INBOX" in labels} == set()
    await inbox.told.tell("open")
    assert {each for each, labels in inbox.all().items() if "INBOX" in labels} == set(inbox.known) - {inbox.ours}


async def test_a_conversation_that_left_the_task_is_put_back_all_the_same() -> None:
    inbox = Inbox()
    other = inbox.deliver("other", minutes=-30)
    inbox.known.append(other)
    await inbox.told.tell("done")
    inbox.known.remove(other)

    await inbox.told.tell("open")

    assert inbox.stands(other) == {"INBOX"}


class TestWhatCameMeanwhile:
    async def test_is_a_conflict_and_nothing_is_archived(self) -> None:
        inbox = Inbox()
        expected = dict.fromkeys(inbox.known, "")
        inbox.deliver("4", to="3")
        inbox.told.expected = expected

        written = await inbox.told.tell("done")

        assert written.outcome == "conflict"
        assert written.detail == "A message has come in Gmail since. Nothing was archived, so that it is seen."
        assert inbox.wire.wrote() == []

    async def test_is_archived_too_where_a_person_wants_it_all_the_same(self) -> None:
        inbox = Inbox()
        inbox.told.expected = dict.fromkeys(inbox.known, "")
        new = inbox.deliver("4", to="3")

        assert (await inbox.told.tell("done", overwrite=True)).outcome == "done"
        assert inbox.stands(new) == set()

    @pytest.mark.parametrize(
        ("labels", "minutes"), [(("INBOX",), -90), (("SENT",), 0), (("DRAFT",), 0), (("SPAM", "INBOX"), 0)]
    )
    async def test_older_mail_and_what_is_ours_or_not_in_the_inbox_is_none(
        self, labels: tuple[str, ...], minutes: float
    ) -> None:
        inbox = Inbox()
        inbox.told.expected = dict.fromkeys(inbox.known, "")
        inbox.deliver("4", to="3", minutes=minutes, labels=labels)

        assert (await inbox.told.tell("done")).outcome == "done"

    async def test_does_not_keep_a_label_off(self) -> None:
        inbox = Inbox({"when_done": "label"})
        inbox.told.expected = dict.fromkeys(inbox.known, "")
        inbox.deliver("4", to="3")

        assert (await inbox.told.tell("done")).outcome == "done"

    async def test_stays_in_the_inbox_also_where_it_comes_between_the_look_and_the_change(self) -> None:
        inbox = Inbox()
        arrived: list[str] = []
        inbox.wire.after[FETCH_THREAD] = [lambda: arrived.append(inbox.deliver("4", to="3"))]

        assert (await inbox.told.tell("done")).outcome == "done"
        assert inbox.stands(arrived[0]) == {"INBOX"}


class TestLabels:
    async def test_are_made_once(self) -> None:
        inbox = Inbox()
        await inbox.told.tell("snoozed")
        await inbox.told.tell("open")
        await inbox.told.tell("snoozed")

        assert inbox.wire.wrote().count(CREATE_LABEL) == 1
        assert list(inbox.box.names.values()) == ["Watchfloor/Snoozed"]

    async def test_are_found_in_any_case(self) -> None:
        inbox = Inbox()
        inbox.box.label_called("watchfloor/snoozed")

        await inbox.told.tell("snoozed")

        assert CREATE_LABEL not in inbox.wire.wrote()

    async def test_that_another_process_made_at_the_same_moment_are_used(self) -> None:
        inbox = Inbox()
        inbox.wire.before[CREATE_LABEL] = [lambda: inbox.box.label_called("Watchfloor/Snoozed")]

        assert (await inbox.told.tell("snoozed")).outcome == "done"
        assert inbox.stands(inbox.last) == {"Watchfloor/Snoozed"}
        assert len(inbox.box.names) == 1

    @pytest.mark.parametrize("name", ["Inbox", "TRASH", "", "Watchfloor/", "/"])
    def test_of_the_system_or_without_a_name_are_refused_in_the_settings(self, name: str) -> None:
        with pytest.raises(ValueError, match="can't be a label of your own"):
            GmailSettings(done_label=name)


async def test_a_conversation_that_is_gone_is_refused_in_a_sentence() -> None:
    inbox = Inbox()
    targets = inbox.told.targets()
    inbox.told.targets = lambda: targets
    for each in inbox.known:
        inbox.box.delete(each)

    written = await inbox.told.tell("done")

    assert (written.outcome, written.detail) == (
        "refused",
        "The conversation is no longer in Gmail: it was deleted there.",
    )


async def test_a_message_that_is_deleted_before_it_is_changed_does_not_stop_the_others() -> None:
    inbox = Inbox()
    inbox.wire.before[RELABEL] = [lambda: inbox.box.delete(inbox.first)]

    assert (await inbox.told.tell("done")).outcome == "done"
    assert inbox.stands(inbox.last) == set()
    assert inbox.told.effect == {inbox.first: {"archived": [inbox.last]}}


@pytest.mark.parametrize("mark", ["done", "snoozed"])
async def test_without_leave_to_change_the_scope_is_named(mark: Mark) -> None:
    inbox = Inbox()
    inbox.box.let_write(False)

    with pytest.raises(Unauthorised, match=r"lacks the scope .*gmail\.modify\. Reconnect Gmail"):
        await inbox.told.tell(mark)


@pytest.mark.parametrize(
    "error", [Throttled("Slower."), Unreachable("Away."), Unauthorised("Connect it again."), Rejected("No.")]
)
@pytest.mark.parametrize("tool", [FETCH_THREAD, RELABEL])
async def test_each_failure_is_raised_and_the_next_attempt_ends_the_same(tool: str, error: Exception) -> None:
    inbox = Inbox()
    inbox.wire.before[tool] = [raising(error)]

    with pytest.raises(type(error)):
        await inbox.told.tell("done")
    await inbox.told.tell("done")

    assert inbox.stands(inbox.last) == set()
    await inbox.told.tell("open")
    assert inbox.stands(inbox.last) == {"INBOX"}


@pytest.mark.parametrize("data", [{"thread": {}}, {"messages": [{"subject": "?"}]}, {"messages": "none"}])
async def test_an_answer_of_another_shape_is_unreadable(data: dict[str, Any]) -> None:
    inbox = Inbox()

    class Strange:
        toolkit = "gmail"
        tools = {FETCH_THREAD: lambda _arguments: data}  # noqa: RUF012

    inbox.told.tools = Wire(Strange())

    with pytest.raises(Unreadable, match=r"data\.messages"):
        await inbox.told.tell("done")


async def test_the_same_write_twice_is_one_effect() -> None:
    inbox = Inbox()
    await inbox.told.tell("snoozed")
    effect, calls = inbox.told.effect, len(inbox.wire.calls)

    again = await inbox.told.tell("snoozed")

    assert (again.outcome, inbox.told.effect, inbox.wire.wrote(calls)) == ("already", effect, [])


KILLS: dict[str, Callable[[Inbox], None]] = {
    "before the look": lambda inbox: inbox.wire.before.update({FETCH_THREAD: [raising(Killed())]}),
    "between look and change": lambda inbox: inbox.wire.before.update({RELABEL: [raising(Killed())]}),
    "after the first change, before its answer": lambda inbox: inbox.wire.after.update({RELABEL: [raising(Killed())]}),
    "before the second change": lambda inbox: inbox.wire.before.update({RELABEL: [lambda: None, raising(Killed())]}),
    "after the last change, before its answer": lambda inbox: inbox.wire.after.update(
        {RELABEL: [lambda: None, raising(Killed())]}
    ),
    "after a label was made": lambda inbox: inbox.wire.after.update({CREATE_LABEL: [raising(Killed())]}),
}


@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
@pytest.mark.parametrize("then", ["snoozed", "open"])
async def test_killed_anywhere_the_end_is_the_same(kill: Callable[[Inbox], None], then: Mark) -> None:
    inbox = Inbox()
    before = inbox.all()
    kill(inbox)
    with pytest.raises(Killed):
        await inbox.told.tell("snoozed")

    await inbox.told.tell(then)
    await inbox.told.tell("snoozed")
    assert inbox.stands(inbox.last) == {"Watchfloor/Snoozed"}
    await inbox.told.tell("open")

    assert inbox.all() == before


@settings(max_examples=150, deadline=None)
@given(
    marks=st.lists(st.sampled_from(MARKS), max_size=8),
    kills=st.sets(st.integers(0, 12), max_size=4),
    late=st.booleans(),
    had=st.sets(st.sampled_from(["INBOX", "STARRED", "Watchfloor/Done", "Mine"])),
)
async def test_whatever_is_told_and_wherever_it_is_cut_off_open_means_as_before(
    marks: list[Mark], kills: set[int], late: bool, had: set[str]
) -> None:
    inbox = Inbox(EVERYTHING)
    inbox.box.unlabel(inbox.last, "INBOX")
    inbox.box.label(inbox.last, *sorted(had))
    before = inbox.all()
    steps: list[Callable[[], Any]] = [raising(Killed()) if place in kills else lambda: None for place in range(13)]
    (inbox.wire.after if late else inbox.wire.before)[RELABEL] = steps

    for mark in marks:
        try:
            await inbox.told.tell(mark)
        except Killed:
            continue
    steps.clear()
    await inbox.told.tell("open")

    assert inbox.all() == before
    assert inbox.told.effect == {}


def test_the_thread_is_known_by_the_number_among_the_keys() -> None:
    assert thread_of(Target(external_id="m", keys=("a@x", "gm:1758273625344573731"))) == f"{1758273625344573731:x}"
    assert thread_of(Target(external_id="m", keys=("gm:thread-f:1",))) == "thread-f:1"
    assert thread_of(Target(external_id="m", keys=("a@x",))) == ""


def test_something_may_have_to_be_told_unless_the_settings_leave_nothing_to_tell() -> None:
    off = GmailSettings(when_done="nothing", when_snoozed="nothing")
    writer = GmailWriter()

    assert writer.writes(GmailSettings(), "waiting", "open")
    assert not writer.writes(off, "done", "open")
    assert writer.writes(off, "open", "done")


@pytest.mark.parametrize("gateway", GATEWAYS)
async def test_over_http_a_lost_answer_is_no_second_write_and_history_tells_of_it(gateway: str) -> None:
    inbox = Inbox()
    stood = inbox.box.history_id
    async with through(gateway, MANIFEST, inbox.box) as (tools, fake):
        inbox.told.tools = tools
        fake.faults.add(drop("after"), on=RELABEL, times=1)
        with pytest.raises(Unreachable):
            await inbox.told.tell("snoozed")
        written = await inbox.told.tell("snoozed")
        assert written.outcome == "done"
        assert fake.calls.count(RELABEL) == 2
        inbox.box.let_write(False)
        with pytest.raises(Unauthorised, match=r"gmail\.modify"):
            await inbox.told.tell("open")
        inbox.box.let_write(True)
        await inbox.told.tell("open")
        history = await tools("GMAIL_LIST_HISTORY", start_history_id=str(stood), max_results=500)

    assert inbox.stands(inbox.last) == {"INBOX"}
    assert {"labelsAdded", "labelsRemoved"} <= {name for each in history.find("history", list) for name in each}
