"""Telling Slack how a task stands: a reaction on the message that opened its conversation, taken off when it is open.

The account reacts, so everybody sees who did. A reaction of that name which stands there already, whoever gave it, says
so already, and is never taken off. Which reactions are ours is the effect, by message.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from app.core.errors import Rejected, Unauthorised
from app.integrations.pulling import Tools
from app.integrations.slack import message as messages
from app.integrations.slack.automation import is_deleted
from app.integrations.slack.live import failures
from app.integrations.slack.live.calls import Calls
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.times import stamp
from app.integrations.slack.values import Object, first_text, objects, texts
from app.integrations.writing import Mark, Target, Write, Writing, Written

ADD, REMOVE = "SLACK_ADD_REACTION_TO_AN_ITEM", "SLACK_REMOVE_REACTION_FROM_ITEM"
SCOPE = "reactions:write"
PLACE = re.compile(r"([CDG][A-Z0-9]{5,})/(\d+\.\d{6})")
LACKING = f"Slack lets this account read only: it lacks the scope {SCOPE}. Reconnect Slack and grant it."
DELETED = "The message was deleted in Slack, or is no longer shown to this account."
NOWHERE = "Slack's export does not tell in which channel this stands, so that nothing can be set on it."
ALREADY = "It was so in Slack already."
_FEW = 10
_REFUSED = {
    "invalid_name": "Slack knows no such reaction. Correct its name in the integration's settings.",
    "is_archived": "The channel is archived in Slack: nothing can be set in it any more.",
    "not_reactable": "Slack allows no reactions on this message.",
    "thread_locked": "The thread is locked in Slack: nothing can be set in it any more.",
    "too_many_emoji": "The message bears as many reactions as Slack allows.",
    "too_many_reactions": "The account has set as many reactions on the message as Slack allows.",
    "channel_not_found": "Slack no longer shows this conversation to the account. Invite the account to it.",
    "not_in_channel": "The account is no longer a member of the channel. Join it in Slack, and try again.",
}
"""By Slack's word: what it means here, for people."""


def reaction_of(settings: SlackSettings, mark: Mark) -> str:
    """Its name; "" where the mark asks for none. An open task asks for none, so that ours is taken off."""
    return {
        "done": settings.done_reaction,
        "declined": settings.declined_reaction,
        "snoozed": settings.snoozed_reaction,
        "waiting": settings.waiting_reaction,
    }.get(mark, "")


@dataclass(slots=True)
class Place:
    """One message as it stands, and as it is to stand."""

    id: str
    """«channel/ts»."""
    message: Object
    before: frozenset[str] = frozenset()
    """Our reactions, as far as is known."""
    after: set[str] = field(default_factory=set)
    add: str = ""
    remove: list[str] = field(default_factory=list)

    def settle(self, wanted: str, me: str) -> None:
        """Work out what is set and taken off, and what of ours stands then."""
        for name in sorted(self.before):
            if not self._may_be_of(name, me):
                continue
            if name == wanted:
                self.after.add(name)
            else:
                self.remove.append(name)
        if wanted and not self._given(wanted):
            self.add = wanted
            self.after.add(wanted)

    def _given(self, name: str) -> list[Object]:
        """The reactions of this name, in any skin tone."""
        found = objects(self.message.get("reactions"))
        return [each for each in found if first_text(each, "name").partition("::")[0] == name]

    def _may_be_of(self, name: str, who: str) -> bool:
        """Whether `who` gave it: of many Slack names only some people."""
        given = self._given(name)
        return any(who in (told := texts(each.get("users"))) or len(told) < messages.count(each) for each in given)


class SlackWriter:
    """How Slack is told (app.integrations.writing.Writer)."""

    def writes(self, settings: Any, mark: Mark, before: Mark, /) -> bool:
        """Also where this mark asks for nothing: what an earlier one did is taken back then."""
        return mark == "open" or any(reaction_of(_checked(settings), each) for each in get_args(Mark))

    async def write(self, write: Write, /) -> Written:
        wanted = reaction_of(_checked(write.settings), write.mark)
        if not wanted and not write.effect:
            return Written(outcome="nothing")
        openers = openers_of(write.targets)
        if not openers and not write.effect:
            return Written(outcome="refused", detail=NOWHERE)
        calls = Calls(write.tools, _FEW)
        me = (await calls.me()).find("user_id", str)
        found = [each for own in dict.fromkeys([*openers, *write.effect]) if (each := await look(calls, own, write))]
        if not found:
            return Written(outcome="refused", detail=DELETED)
        for each in found:
            each.settle(wanted if each.id in openers else "", me)
        if not any(each.add or each.remove for each in found):
            return Written(outcome="already", detail=ALREADY, effect=effect_of(found))
        planned = {each.id: names for each in found if (names := sorted(each.before | each.after))}
        await write.plan({**write.effect, **planned})
        there = [each for each in found if await carry_out(write.tools, each)]
        if not there:
            return Written(outcome="refused", detail=DELETED)
        return Written(outcome="done", detail=said(wanted, there), effect=effect_of(there))


def openers_of(targets: Sequence[Target]) -> list[str]:
    """Of each conversation among the targets the message that opened it, as far as it is known. They belong together
    by their keys: a reply has that of its thread, and a message of a direct talk that of the one before."""
    found: list[tuple[str, set[str]]] = []
    for each in targets:
        mine = {key for key in each.keys if key.startswith("slack:")}
        near = [group for group in found if group[1] & mine]
        first = near[0] if near else (each.external_id, set())
        first[1].update(mine, *(keys for _, keys in near))
        found = [*(group for group in found if group not in near[1:]), *([] if near else [first])]
    return [own for own, _ in found if PLACE.fullmatch(own)]


async def look(calls: Calls, own: str, write: Write) -> Place | None:
    """The message as Slack shows it; None where it is gone. Raises Upstream."""
    parts = PLACE.fullmatch(own)
    if parts is None:
        return None
    channel, ts = parts[1], parts[2]
    try:
        async for page in calls.thread(channel, ts, ts, ts):
            for entry in page.entries:
                if isinstance(entry, dict) and stamp(entry.get("ts")) == ts:
                    return None if is_deleted(entry) else Place(own, entry, frozenset(write.effect.get(own, ())))
    except Rejected as error:
        if failures.is_one_of(error, failures.GONE):
            return None
        raise explained(error) from error
    return None


async def carry_out(tools: Tools, place: Place) -> bool:
    """Set and take off; whether the message is still there. Raises Upstream."""
    channel, _, ts = place.id.partition("/")
    steps = [(REMOVE, name, "no_reaction") for name in place.remove]
    steps += [(ADD, place.add, "already_reacted")] if place.add else []
    for tool, name, so_already in steps:
        try:
            answer = await tools(tool, channel=channel, timestamp=ts, name=name)
            if answer.look("ok", bool) is False:
                failures.refuse(tool, answer.look("error", str) or "")
        except Unauthorised as error:
            raise Unauthorised(LACKING, service=failures.SERVICE, happened=False) from error
        except Rejected as error:
            if failures.is_one_of(error, failures.GONE):
                return False
            if not failures.is_one_of(error, frozenset({so_already})):
                raise explained(error) from error
            if name not in place.before:  # somebody of the account was quicker: it is theirs
                place.after.discard(name)
    return True


def effect_of(found: Iterable[Place]) -> dict[str, list[str]]:
    return {each.id: sorted(each.after) for each in found if each.after}


def explained(error: Rejected) -> Rejected:
    """The same with a sentence that says what to do, where there is one."""
    known = min(failures.words(error) & _REFUSED.keys(), default=None)
    return Rejected(_REFUSED[known], service=failures.SERVICE, happened=False) if known else error


def said(wanted: str, found: Iterable[Place]) -> str:
    if any(each.add for each in found):
        return f"The reaction :{wanted}: was set in Slack."
    return "Our reaction was taken off in Slack."


def _checked(settings: Any) -> SlackSettings:
    return settings if isinstance(settings, SlackSettings) else SlackSettings.model_validate(settings)


WRITING = Writing(
    writer=SlackWriter,
    tools=(ADD, REMOVE),
    says=(
        "The message that opened a conversation gets the reaction :white_check_mark: when its task is done.",
        "Our reaction is taken off again when the task is open again; those of others stay.",
        "For declined, snoozed and waiting nothing is set unless you name a reaction: everybody would see it.",
    ),
    scopes={SCOPE: "to set reactions on messages, and to take them off again"},
)
