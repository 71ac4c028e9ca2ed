"""Telling Gmail how a task stands: its conversations are archived and labelled, and put back when it is open again.

Labels are changed message by message, and only those of messages that were seen: what arrives between the look and the
change stays in the inbox, and what is put back is what was taken away and nothing else. Which messages that were is
the effect, by conversation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from app.core.errors import NotThere, Rejected, Unauthorised
from app.integrations.mail.gmail.labels import Directory
from app.integrations.mail.gmail.message import Mail, NoMessageError, check
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.tools import CREATE_LABEL, FETCH_THREAD, RELABEL, TO_WRITE
from app.integrations.pulling import Json, Tools
from app.integrations.writing import Mark, Target, Write, Writing, Written

SERVICE = "Gmail"
SCOPE = "https://www.googleapis.com/auth/gmail.modify"
INBOX = "INBOX"
UNTOUCHED = frozenset({"TRASH", "SPAM", "DRAFT", "CHAT"})
"""Messages with one of these are let be."""
LACKING = f"Gmail lets this account read only: it lacks the scope {SCOPE}. Reconnect Gmail and grant it."
GONE = "The conversation is no longer in Gmail: it was deleted there."
ALREADY = "It was so in Gmail already."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a mark asks for."""

    archived: bool = False
    label: str = ""
    """By name."""

    def __bool__(self) -> bool:
        return self.archived or bool(self.label)


def wish_of(settings: GmailSettings, mark: Mark) -> Wish:
    """By the settings; an open task asks for nothing, so that all of ours is taken back."""
    acts = {
        "done": (settings.when_done, settings.done_label),
        "declined": (settings.when_done, settings.done_label),
        "snoozed": (settings.when_snoozed, settings.snoozed_label),
        "waiting": (settings.when_waiting, settings.waiting_label),
    }
    act, label = acts.get(mark, ("nothing", ""))
    return Wish("archive" in act, label if "label" in act else "")


@dataclass(slots=True)
class Ours:
    """What we changed in one conversation and stands there still."""

    archived: set[str] = field(default_factory=set)
    """Messages that we took out of the inbox."""
    labelled: dict[str, set[str]] = field(default_factory=dict)
    """By id of the label: messages that bear it because of us."""

    @classmethod
    def of(cls, effect: Any) -> "Ours":
        labelled = {each: set(ids) for each, ids in effect.get("labels", {}).items()}
        return cls(set(effect.get("archived", ())), labelled)

    def to_json(self) -> Json:
        labels = {each: sorted(ids) for each, ids in sorted(self.labelled.items()) if ids}
        archived = {"archived": sorted(self.archived)} if self.archived else {}
        return archived | ({"labels": labels} if labels else {})

    def joined(self, other: "Ours") -> "Ours":
        """All of both: before a change nobody knows how much of it will have happened."""
        ids = self.labelled.keys() | other.labelled.keys()
        labelled = {each: self.labelled.get(each, set()) | other.labelled.get(each, set()) for each in ids}
        return Ours(self.archived | other.archived, labelled)


@dataclass(slots=True)
class Change:
    """What becomes of one message's labels."""

    message: str
    add: set[str] = field(default_factory=set)
    remove: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Conversation:
    """A thread as it stands, and as it is to stand."""

    id: str
    messages: list[Mail]
    before: Ours
    after: Ours = field(default_factory=Ours)
    changes: list[Change] = field(default_factory=list)

    @property
    def touched(self) -> list[Mail]:
        return [each for each in self.messages if not each.label_ids & UNTOUCHED]

    def unseen(self, expected: Mapping[str, str]) -> list[Mail]:
        """What lies in the inbox, is not among the expected, and is no older than the newest of them."""
        known = [each.at for each in self.messages if each.id in expected and each.at]
        newest = max(known, default=None)
        others = [each for each in self.touched if each.id not in expected and INBOX in each.label_ids]
        return [each for each in others if newest is None or each.at is None or each.at >= newest]

    def settle(self, wish: Wish, label: str | None) -> None:
        """Work out what is changed, and what of ours stands then. `label`: the id of the wish's."""
        bears = [each for each in self.touched if label in each.label_ids]
        latest = max(self.touched, key=lambda each: (each.at is not None, each.at, each.id), default=None)
        for mail in self.touched:
            change = Change(mail.id)
            self._settle_inbox(mail, change, archived=wish.archived)
            if label and not bears and mail is latest:  # one message that bears it shows it on the conversation
                change.add.add(label)
                self.after.labelled.setdefault(label, set()).add(mail.id)
            self._settle_labels(mail, change, label)
            if change.add or change.remove:
                self.changes.append(change)

    def _settle_inbox(self, mail: Mail, change: Change, *, archived: bool) -> None:
        is_in, was_ours = INBOX in mail.label_ids, mail.id in self.before.archived
        if archived and is_in:
            change.remove.add(INBOX)
        elif was_ours and not archived and not is_in:
            change.add.add(INBOX)
        if archived and (is_in or was_ours):
            self.after.archived.add(mail.id)

    def _settle_labels(self, mail: Mail, change: Change, label: str | None) -> None:
        for each, ids in self.before.labelled.items():
            if mail.id in ids and each in mail.label_ids:
                if each == label:
                    self.after.labelled.setdefault(each, set()).add(mail.id)
                else:
                    change.remove.add(each)


class GmailWriter:
    """How Gmail is told (app.integrations.writing.Writer)."""

    def writes(self, settings: Any, mark: Mark, before: Mark, /) -> bool:
        """Also where this mark asks for nothing: what an earlier one did is taken back then."""
        return mark == "open" or any(wish_of(_checked(settings), each) for each in get_args(Mark))

    async def write(self, write: Write, /) -> Written:
        wish = wish_of(_checked(write.settings), write.mark)
        if not wish and not write.effect:
            return Written(outcome="nothing")
        found = await conversations(write)
        if not found:
            return Written(outcome="refused", detail=GONE)
        if (
            wish.archived
            and not write.overwrite
            and (unseen := [m for each in found for m in each.unseen(write.expected)])
        ):
            return Written(outcome="conflict", detail=_conflict(len(unseen)))
        label = await label_id(write.tools, wish.label) if wish.label and any(each.touched for each in found) else None
        for each in found:
            each.settle(wish, label)
        if not any(each.changes for each in found):
            return Written(outcome="already", detail=ALREADY, effect=effect_of(found))
        await write.plan(planned(write.effect, found))
        for each in found:
            await carry_out(write.tools, each)
        return Written(outcome="done", detail=said(wish, found), effect=effect_of(found))


async def conversations(write: Write) -> list[Conversation]:
    """Those of the task, and those that we changed for it, as far as they are there. Raises Upstream."""
    ids = [*filter(None, map(thread_of, write.targets)), *write.effect]
    found: list[Conversation] = []
    for each in dict.fromkeys(ids):
        try:
            messages = await messages_of(write.tools, each)
        except NotThere:
            continue
        if messages:
            found.append(Conversation(each, messages, Ours.of(write.effect.get(each, {}))))
    return found


def thread_of(target: Target) -> str:
    """Gmail's own id of the thread, of which a key holds the number; "" where none does."""
    numbers = [each.removeprefix("gm:") for each in target.keys if each.startswith("gm:")]
    if not numbers:
        return ""
    number = numbers[-1]
    as_hex = f"{int(number):x}" if number.isdecimal() else ""
    return as_hex if 6 <= len(as_hex) <= 16 else number


async def messages_of(tools: Tools, thread: str) -> list[Mail]:
    """Raises Upstream."""
    answer = await tools(FETCH_THREAD, thread_id=thread)
    found: list[Mail] = []
    for place, raw in enumerate(answer.find("messages", list)):
        try:
            found.append(check(raw))
        except NoMessageError as error:
            raise answer.unreadable(f"data.messages[{place}]{error.path}", str(error)) from error
    return found


async def label_id(tools: Tools, name: str) -> str:
    """The label's id; one that isn't there is made, by us or by whoever was quicker. Raises Upstream."""
    directory = Directory(tools)
    if found := await directory.own(name):
        return found
    try:
        answer = await tools(CREATE_LABEL, label_name=name)
    except Unauthorised as error:
        raise Unauthorised(LACKING, service=SERVICE, happened=False) from error
    except Rejected:
        if found := await directory.own(name):
            return found
        raise
    return answer.find("id", str, "label_id", "labelId")


async def carry_out(tools: Tools, conversation: Conversation) -> None:
    """Change its messages, one after the other. Raises Upstream."""
    for change in conversation.changes:
        try:
            await tools(
                RELABEL,
                message_id=change.message,
                add_label_ids=sorted(change.add),
                remove_label_ids=sorted(change.remove),
            )
        except NotThere:  # deleted since we looked: nothing of ours stands there
            conversation.after.archived.discard(change.message)
            for ids in conversation.after.labelled.values():
                ids.discard(change.message)
        except Unauthorised as error:
            raise Unauthorised(LACKING, service=SERVICE, happened=False) from error


def planned(effect: Json, found: Iterable[Conversation]) -> Json:
    """What may stand there while the changes are under way: what stood there, and what will."""
    return {**effect, **{each.id: told for each in found if (told := each.before.joined(each.after).to_json())}}


def effect_of(found: Iterable[Conversation]) -> Json:
    return {each.id: told for each in found if (told := each.after.to_json())}


def said(wish: Wish, found: Sequence[Conversation]) -> str:
    if wish:
        acts = [*(["archived"] if wish.archived else []), *([f"labelled «{wish.label}»"] if wish.label else [])]
        words = " and ".join(acts)
        return f"{words[0].upper()}{words[1:]} in Gmail."
    back = any(INBOX in change.add for each in found for change in each.changes)
    return "Back in Gmail's inbox." if back else "Our label was taken off in Gmail."


def _conflict(many: int) -> str:
    came = "A message has come" if many == 1 else f"{many} messages have come"
    return f"{came} in Gmail since. Nothing was archived, so that {'it is' if many == 1 else 'they are'} seen."


def _checked(settings: Any) -> GmailSettings:
    return settings if isinstance(settings, GmailSettings) else GmailSettings.model_validate(settings)


WRITING = Writing(
    writer=GmailWriter,
    tools=TO_WRITE,
    reads=(FETCH_THREAD,),
    says=(
        "A conversation that is done or declined is archived.",
        "A snoozed one is archived and labelled «Watchfloor/Snoozed» until it is open again.",
        "One that is open again is back in the inbox, and without our label.",
        "Nothing is archived that holds a message which came after you decided.",
        "What is done for each, and the labels, can be set; waiting conversations are let be unless it is set.",
    ),
    scopes={SCOPE: "to archive conversations, and to make and set labels"},
)
