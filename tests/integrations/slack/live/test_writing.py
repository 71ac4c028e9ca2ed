"""Slack is told how a task stands: which reaction is set on which message, whose is taken off, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Rejected, Throttled, Unauthorised, Unreachable, Unreadable
from app.integrations.slack import MANIFEST
from app.integrations.slack.links import key
from app.integrations.slack.live.calls import ME, THREAD
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.writing import ADD, REMOVE, SlackWriter, openers_of
from app.integrations.writing import Mark, Target
from scripts.fake_composio.faults import drop
from scripts.fake_composio.slack import Workspace
from tests.integrations.slack.live.stage import ADA, BEN, CLEO, DIRECT, GENERAL, START, Stage
from tests.integrations.told import GATEWAYS, Killed, Told, Wire, raising, through

TICK = "white_check_mark"
EVERYTHING = {"declined_reaction": ":no_entry_sign:", "snoozed_reaction": "zzz", "waiting_reaction": "hourglass"}
MARKS: tuple[Mark, ...] = ("open", "waiting", "snoozed", "done", "declined")


@dataclass
class Thread:
    """Ada's account, a question of Ben's in #general, and Ada's answer in its thread."""

    settings: dict[str, Any] = field(default_factory=dict)
    known: list[Target] = field(default_factory=list)
    wire: Wire = field(init=False)
    told: Told = field(init=False)

    def __post_init__(self) -> None:
        self.world: Workspace = Stage().world
        self.asked = self.say("Can you look at the door?", minutes=-60)
        self.answered = self.say("I will", user=ADA, minutes=-50, thread=self.asked)
        self.known = self.known or [self.target(self.asked), self.target(self.answered, self.asked)]
        self.wire = Wire(self.world)
        self.told = Told(MANIFEST, self.wire, lambda: tuple(self.known), settings=self.settings)

    def say(
        self, text: str, *, user: str = BEN, minutes: float = 0, thread: str | None = None, channel: str = GENERAL
    ) -> str:
        return self.world.post(channel, user, text, thread, at=START + timedelta(minutes=minutes))

    def target(self, ts: str, root: str = "", channel: str = GENERAL) -> Target:
        keys = tuple(key(channel, each) for each in (ts, root) if each)
        return Target(external_id=f"{channel}/{ts}", keys=keys)

    def reactions(self, ts: str | None = None, channel: str = GENERAL) -> dict[str, list[str]]:
        """Who gave which."""
        found = self.world.channels[channel].messages[ts or self.asked].get("reactions", ())
        return {each["name"]: each["users"] for each in found}


CASES: dict[str, tuple[Mark, dict[str, Any], str]] = {
    "done: a tick": ("done", {}, TICK),
    "done, as it is set": ("done", {"done_reaction": "tada"}, "tada"),
    "declined, where it is set": ("declined", EVERYTHING, "no_entry_sign"),
    "snoozed, where it is set": ("snoozed", EVERYTHING, "zzz"),
    "waiting, where it is set": ("waiting", EVERYTHING, "hourglass"),
}


@pytest.mark.parametrize(("mark", "given", "reaction"), CASES.values(), ids=CASES)
async def test_the_message_that_opened_the_conversation_gets_the_reaction(
    mark: Mark, given: dict[str, Any], reaction: str
) -> None:
    thread = Thread(given)

    written = await thread.told.tell(mark)

    assert (written.outcome, written.detail) == ("done", f"The reaction :{reaction}: was set in Slack.")
    assert thread.reactions() == {reaction: [ADA]}
    assert thread.reactions(thread.answered) == {}
    assert [tool for tool, _ in thread.wire.calls] == [ME, THREAD, ADD]


@pytest.mark.parametrize("mark", ["open", "waiting", "snoozed", "declined"])
async def test_what_everybody_would_see_is_not_set_unless_it_is_asked_for(mark: Mark) -> None:
    thread = Thread()

    assert (await thread.told.tell(mark)).outcome == "nothing"
    assert thread.wire.calls == []


async def test_ours_is_taken_off_when_the_task_is_open_again_and_those_of_others_stay() -> None:
    thread = Thread()
    await thread.told.tell("done")
    thread.world.react(GENERAL, thread.asked, TICK, CLEO)

    written = await thread.told.tell("open")

    assert (written.outcome, written.detail) == ("done", "Our reaction was taken off in Slack.")
    assert thread.reactions() == {TICK: [CLEO]}
    assert thread.told.effect == {}


@pytest.mark.parametrize("who", [ADA, CLEO])
@pytest.mark.parametrize("name", [TICK, f"{TICK}::skin-tone-2"])
async def test_a_tick_that_somebody_gave_by_hand_says_so_already_and_is_never_ours(who: str, name: str) -> None:
    thread = Thread()
    thread.world.react(GENERAL, thread.asked, name, who)

    written = await thread.told.tell("done")
    await thread.told.tell("open")

    assert written.outcome == "already"
    assert thread.reactions() == {name: [who]}
    assert thread.wire.wrote() == []


async def test_from_one_mark_to_the_next_one_reaction_follows_the_other() -> None:
    thread = Thread(EVERYTHING)
    await thread.told.tell("snoozed")
    await thread.told.tell("done")

    assert thread.reactions() == {TICK: [ADA]}
    assert thread.wire.wrote() == [ADD, REMOVE, ADD]


async def test_a_mark_that_asks_for_nothing_takes_back_what_an_earlier_one_did() -> None:
    thread = Thread()
    await thread.told.tell("done")

    await thread.told.tell("snoozed")

    assert thread.reactions() == {}


async def test_each_conversation_of_a_task_is_told_and_a_direct_talk_is_one() -> None:
    thread = Thread()
    thread.world.channel(DIRECT, "", "im", [ADA, BEN])
    first = thread.say("Are you there?", channel=DIRECT, minutes=-30)
    second = thread.say("It is about the door", channel=DIRECT, minutes=-29)
    thread.known += [thread.target(first, channel=DIRECT), thread.target(second, first, DIRECT)]

    await thread.told.tell("done")

    assert (thread.reactions(), thread.reactions(first, DIRECT)) == ({TICK: [ADA]}, {TICK: [ADA]})
    assert thread.reactions(second, DIRECT) == {}


async def test_where_the_first_message_is_not_known_the_earliest_that_is_gets_it() -> None:
    thread = Thread()
    thread.known.pop(0)

    await thread.told.tell("done")

    assert thread.reactions(thread.answered) == {TICK: [ADA]}


def test_conversations_that_a_later_message_joins_are_one() -> None:
    def target(ts: str, *others: str) -> Target:
        return Target(external_id=f"C0GENERAL/{ts}", keys=tuple(f"slack:C0GENERAL/{each}" for each in (ts, *others)))

    one, two, three = "1.000001", "2.000002", "3.000003"

    assert openers_of([target(one), target(two), target(three, one, two)]) == [f"C0GENERAL/{one}"]
    assert openers_of([target(one), target(two)]) == [f"C0GENERAL/{one}", f"C0GENERAL/{two}"]


async def test_a_channel_that_an_export_does_not_tell_is_refused() -> None:
    thread = Thread(known=[Target(external_id="#general/1.000001")])

    written = await thread.told.tell("done")

    assert written.outcome == "refused"
    assert "does not tell in which channel" in written.detail
    assert thread.wire.calls == []


@pytest.mark.parametrize("replied", [True, False])
@pytest.mark.parametrize("late", [True, False])
async def test_a_deleted_message_is_refused_in_a_sentence(replied: bool, late: bool) -> None:
    thread = Thread()
    if not replied:
        thread.world.delete(GENERAL, thread.answered)
    if late:
        thread.wire.before[ADD] = [lambda: thread.world.delete(GENERAL, thread.asked)]
    else:
        thread.world.delete(GENERAL, thread.asked)

    written = await thread.told.tell("done")

    assert (written.outcome, written.detail) == (
        "refused",
        "The message was deleted in Slack, or is no longer shown to this account.",
    )


async def test_one_deleted_message_of_two_conversations_does_not_stop_the_other() -> None:
    thread = Thread()
    other = thread.say("And the window?", minutes=-10)
    thread.known.append(thread.target(other))
    thread.world.delete(GENERAL, thread.asked)

    assert (await thread.told.tell("done")).outcome == "done"
    assert thread.reactions(other) == {TICK: [ADA]}


async def test_somebody_of_the_account_who_is_quicker_keeps_the_reaction() -> None:
    thread = Thread()
    thread.wire.before[ADD] = [lambda: thread.world.react(GENERAL, thread.asked, TICK, ADA)]

    assert (await thread.told.tell("done")).outcome == "done"
    assert thread.told.effect == {}
    await thread.told.tell("open")
    assert thread.reactions() == {TICK: [ADA]}


async def test_ours_that_somebody_of_the_account_took_off_is_no_trouble() -> None:
    thread = Thread()
    await thread.told.tell("done")
    thread.wire.before[REMOVE] = [lambda: thread.world.unreact(GENERAL, thread.asked, TICK, ADA)]

    assert (await thread.told.tell("open")).outcome == "done"
    assert (thread.reactions(), thread.told.effect) == ({}, {})


@pytest.mark.parametrize("is_there", [True, False])
async def test_of_many_reactions_slack_names_some_people_so_ours_is_tried(is_there: bool) -> None:
    thread = Thread()
    await thread.told.tell("done")
    if not is_there:
        thread.world.unreact(GENERAL, thread.asked, TICK, ADA)
    for each in (CLEO, BEN):
        thread.world.react(GENERAL, thread.asked, TICK, each)
    shown = thread.world.channels[GENERAL].messages[thread.asked]["reactions"]

    def some() -> None:
        thread.world.channels[GENERAL].messages[thread.asked]["reactions"] = [{**shown[0], "users": [CLEO]}]

    def all_() -> None:
        thread.world.channels[GENERAL].messages[thread.asked]["reactions"] = shown

    thread.wire.before[THREAD], thread.wire.before[REMOVE] = [some], [all_]

    await thread.told.tell("open")

    assert sorted(thread.reactions()[TICK]) == sorted([CLEO, BEN])
    assert thread.told.effect == {}


async def test_without_leave_to_react_the_scope_is_named() -> None:
    thread = Thread()
    thread.world.let_write(False)

    with pytest.raises(Unauthorised, match=r"lacks the scope reactions:write\. Reconnect Slack"):
        await thread.told.tell("done")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda thread: thread.world.archive(GENERAL), "channel is archived"),
        (lambda thread: thread.world.leave(GENERAL), "no longer a member"),
        (lambda thread: thread.world.channels.pop(GENERAL), "no longer shows this conversation"),
        (lambda thread: thread.told.settings.update(done_reaction="_"), "knows no such reaction"),
    ],
    ids=["archived", "left", "gone", "no such reaction"],
)
async def test_what_slack_refuses_is_said_with_what_to_do(change: Callable[[Thread], Any], says: str) -> None:
    thread = Thread()
    change(thread)

    with pytest.raises(Rejected, match=says):
        await thread.told.tell("done")


@pytest.mark.parametrize("name", ["two words", "a/b", "x" * 101])
def test_what_is_no_name_of_a_reaction_is_refused_in_the_settings(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a reaction"):
        SlackSettings(done_reaction=name)


@pytest.mark.parametrize(
    "error", [Throttled("Slower."), Unreachable("Away."), Unauthorised("Connect it again."), Rejected("No.")]
)
@pytest.mark.parametrize("tool", [ME, THREAD, ADD])
async def test_each_failure_is_raised_and_the_next_attempt_ends_the_same(tool: str, error: Exception) -> None:
    thread = Thread()
    thread.wire.before[tool] = [raising(error)]

    with pytest.raises(type(error)):
        await thread.told.tell("done")
    await thread.told.tell("done")

    assert thread.reactions() == {TICK: [ADA]}
    await thread.told.tell("open")
    assert thread.reactions() == {}


async def test_an_account_without_a_name_is_unreadable() -> None:
    thread = Thread()

    class Strange:
        toolkit = "slack"
        tools = {ME: lambda _arguments: {"ok": True}}  # noqa: RUF012

    thread.told.tools = Wire(Strange())

    with pytest.raises(Unreadable, match=r"data\.user_id"):
        await thread.told.tell("done")


async def test_the_same_write_twice_is_one_reaction() -> None:
    thread = Thread()
    await thread.told.tell("done")

    again = await thread.told.tell("done")

    assert again.outcome == "already"
    assert thread.wire.wrote() == [ADD]


KILLS: dict[str, tuple[str, bool]] = {
    "before the look": (THREAD, False),
    "between look and change": (ADD, False),
    "after the change, before its answer": (ADD, True),
}


@pytest.mark.parametrize(("tool", "after"), KILLS.values(), ids=KILLS)
@pytest.mark.parametrize("then", ["done", "open"])
async def test_killed_anywhere_the_end_is_the_same(tool: str, after: bool, then: Mark) -> None:
    thread = Thread()
    (thread.wire.after if after else thread.wire.before)[tool] = [raising(Killed())]
    with pytest.raises(Killed):
        await thread.told.tell("done")

    await thread.told.tell(then)
    await thread.told.tell("done")
    assert thread.reactions() == {TICK: [ADA]}
    await thread.told.tell("open")

    assert thread.reactions() == {}


@settings(max_examples=150, deadline=None)
@given(
    marks=st.lists(st.sampled_from(MARKS), max_size=8),
    kills=st.sets(st.integers(0, 10), max_size=4),
    late=st.booleans(),
    had=st.sets(st.tuples(st.sampled_from([TICK, "zzz", "eyes"]), st.sampled_from([ADA, CLEO]))),
)
async def test_whatever_is_told_and_wherever_it_is_cut_off_open_means_as_before(
    marks: list[Mark], kills: set[int], late: bool, had: set[tuple[str, str]]
) -> None:
    thread = Thread(EVERYTHING)
    for name, who in sorted(had):
        thread.world.react(GENERAL, thread.asked, name, who)
    before = thread.reactions()
    steps: list[Callable[[], Any]] = [raising(Killed()) if place in kills else lambda: None for place in range(11)]
    (thread.wire.after if late else thread.wire.before).update({ADD: steps, REMOVE: steps})

    for mark in marks:
        try:
            await thread.told.tell(mark)
        except Killed:
            continue
    steps.clear()
    await thread.told.tell("open")

    assert thread.reactions() == before
    assert thread.told.effect == {}


async def test_our_tick_comes_with_the_next_pull_as_anybodys_would() -> None:
    stage = Stage()
    asked = stage.say("Can you look at the door?", ago=30)
    await stage.pull()
    thread = Thread(known=[Target(external_id=f"{GENERAL}/{asked}", keys=(key(GENERAL, asked),))])
    thread.told.tools = Wire(stage.world)
    await thread.told.tell("done")
    stage.now += timedelta(hours=2)
    await stage.pull()
    ticked = stage.items[f"{GENERAL}/{asked}"].labels
    await thread.told.tell("open")
    stage.now += timedelta(hours=2)
    await stage.pull()

    assert (ticked, stage.items[f"{GENERAL}/{asked}"].labels) == ((":white_check_mark: 1",), ())


def test_something_may_have_to_be_told_unless_the_settings_leave_nothing_to_tell() -> None:
    off = SlackSettings(done_reaction="")
    writer = SlackWriter()

    assert writer.writes(SlackSettings(), "waiting", "open")
    assert not writer.writes(off, "done", "open")
    assert writer.writes(off, "open", "done")


@pytest.mark.parametrize("gateway", GATEWAYS)
async def test_over_http_a_lost_answer_is_no_second_reaction(gateway: str) -> None:
    thread = Thread()
    async with through(gateway, MANIFEST, thread.world) as (tools, fake):
        thread.told.tools = tools
        fake.faults.add(drop("after"), on=ADD, times=1)
        with pytest.raises(Unreachable):
            await thread.told.tell("done")
        assert (await thread.told.tell("done")).outcome == "already"
        assert fake.calls.count(ADD) == 1
        thread.world.let_write(False)
        with pytest.raises(Unauthorised, match="reactions:write"):
            await thread.told.tell("open")
        thread.world.let_write(True)
        await thread.told.tell("open")
        thread.world.delete(GENERAL, thread.answered)
        thread.world.delete(GENERAL, thread.asked)
        refused = await thread.told.tell("done")

    assert refused.outcome == "refused"
