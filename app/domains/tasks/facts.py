"""From a conversation and what people set to the facts that rules look at, each with its evidence.

Pure. A fact that can't be known is left out. Names and types are those of the ranking catalogue.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domains.ranking.facts import Fact, FactValue
from app.domains.reading import TextFact
from app.domains.tasks.conversation import Conversation, Message, closes, says_only_thanks
from app.domains.tasks.due import beside_words, deadline, is_said_to_us
from app.domains.tasks.us import matches
from app.records import Work

_PRIORITIES = {
    word: name
    for name, words in {
        "urgent": "urgent critical blocker p0 highest",
        "high": "high h p1 major important",
        "normal": "normal medium m p2",
        "low": "low l p3 p4 minor trivial lowest",
    }.items()
    for word in words.split()
}
"""What people and tools call a priority, and what rules call it. Any other word is unknown to rules."""
_FROM_TEXT_IF_TRUE = ("says_urgent", "no_rush", "escalation", "question", "mentions_us")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What people, or the integration's own fields, say of a task; None where nobody set it."""

    title: str | None = None
    due_at: datetime | None = None
    due_is_set: bool = False
    """A person set or cleared the due date: words no longer decide it."""
    assignee: str | None = None
    priority: str | None = None
    project: str | None = None
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    labels: tuple[str, ...] = ()
    notes: str = ""
    needs: tuple[int, ...] = ()
    """The open tasks that it waits for."""
    blocks: tuple[int, ...] = ()
    """The open tasks that wait for it."""
    from_source: frozenset[str] = frozenset()
    """Which of these the row at the source says, and no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the task comes from, and whether that place can be believed now."""

    kind: str
    integration: str
    stale: bool = False


def derive(
    conversation: Conversation,
    owned: Owned,
    place: Place,
    *,
    important: tuple[str, ...] = (),
    own_words: Message | None = None,
) -> dict[str, Fact]:
    """All facts that are known. `important` are the senders whose mail weighs more; `own_words` are the title and notes
    of a task that a person wrote, where there is neither conversation nor row to read."""
    facts: dict[str, Fact] = {}
    facts.update(_from_place(place))
    if conversation.messages:
        facts.update(_from_shape(conversation))
        facts.update(_from_flags(conversation.messages))
    if conversation.human:
        facts.update(_from_sender(conversation, important))
        facts.update(_from_address(conversation))
        facts.update(_from_words(conversation))
    elif conversation.rows:
        facts.update(_from_words(Conversation([replace(row, work=None) for row in conversation.rows])))
    elif own_words is not None:
        said = _from_words(Conversation([own_words]))
        facts.update({name: replace(fact, source="person", item=None) for name, fact in said.items()})
    if owned.due_is_set:
        facts.pop("due_at", None)
    elif conversation.work and conversation.work.due_at:
        row = Fact(value=conversation.work.due_at, source="integration", item=conversation.rows[0].id)
        facts["due_at"] = beside_words(row, facts.get("due_at") if conversation.human else None, conversation)
    facts.update(_from_people(owned, conversation))
    facts.update(_from_row(owned, conversation.work))
    if due := facts.get("due_at"):
        set_by = {"person": "person", "integration": "source"}
        facts["due_from"] = Fact(value=set_by.get(due.source, "words") if due.quote is None else "words")
    return facts


def _from_place(place: Place) -> dict[str, Fact]:
    return {
        "kind": Fact(value=place.kind, source="integration"),
        "integration": Fact(value=place.integration, source="integration"),
        "stale": Fact(value=place.stale),
    }


def _from_shape(conversation: Conversation) -> dict[str, Fact]:
    messages, human = conversation.messages, conversation.human
    turn, since = conversation.turn() if human else (None, None)
    nobody = "nobody" if conversation.sides_known and human else None
    values: dict[str, FactValue | None] = {
        "opened_at": conversation.opened_at,
        # A row says nothing: nobody falls silent in it.
        "last_item_at": conversation.last_item_at if human else None,
        "turn": turn or nobody,
        "turn_since": since,
        "replies": len(messages) - 1 if human else None,
        "participants": len({m.sender.address for m in messages if m.sender.address}) or None,
        "attachments": sum(m.attachments for m in messages),
        "unanswered": conversation.unanswered,
    }
    if conversation.sides_known:
        values["our_replies"] = len([m for m in conversation.ours if m is not human[0]])
        if conversation.inbound:
            values["last_inbound_at"] = conversation.inbound[-1].sent_at
    if human and (turn == "ours" or not conversation.sides_known):
        values["follow_ups"] = conversation.follow_ups
    return {name: Fact(value=value) for name, value in values.items() if value is not None}


def _from_flags(messages: Sequence[Message]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    flags: dict[str, Callable[[Message], bool | None]] = {
        "starred": lambda m: m.starred,
        "marked_important": lambda m: m.important,
        "unread": lambda m: m.unread,
    }
    for name, flag in flags.items():
        known = [m for m in messages if flag(m) is not None]
        if known:
            bearer = next((m for m in reversed(known) if flag(m)), None)
            facts[name] = Fact(value=bearer is not None, source="integration", item=bearer.id if bearer else None)
    if labels := tuple(dict.fromkeys(label for m in messages for label in m.labels)):
        facts["source_labels"] = Fact(value=labels, source="integration")
    return facts


def _from_sender(conversation: Conversation, important: tuple[str, ...]) -> dict[str, Fact]:
    message = (conversation.inbound or conversation.human)[-1]
    address = message.sender.address
    facts = {}
    if address:
        facts["sender"] = Fact(value=address, source="item", item=message.id)
        facts["sender_domain"] = Fact(value=address.rpartition("@")[2], source="item", item=message.id)
    if message.sender.name:
        facts["sender_name"] = Fact(value=message.sender.name, source="item", item=message.id)
    if important and address:
        vip = next((m for m in conversation.inbound if matches(m.sender.address, important)), None)
        facts["sender_important"] = Fact(
            value=vip is not None, source="item", item=vip.id if vip else None, quote=str(vip.sender) if vip else None
        )
    return facts


def _from_address(conversation: Conversation) -> dict[str, Fact]:
    message = (conversation.inbound or conversation.human)[-1]
    facts = {}
    if audience := len({*message.to, *message.copied}):
        facts["audience"] = Fact(value=audience, source="item", item=message.id)
    how = None
    if any(conversation.us.includes(address) for address in message.to):
        how = "direct"
    elif any(conversation.us.includes(address) for address in message.copied):
        how = "copied"
    elif message.list_id:
        how = "list"
    if how:
        facts["addressed"] = Fact(value=how, source="item", item=message.id)
    return facts


def _from_words(conversation: Conversation) -> dict[str, Fact]:
    """Words count while they wait for an answer; the opener's trouble stays the matter of the conversation."""
    waiting = conversation.waiting
    matter = list(dict.fromkeys([*conversation.inbound[:1], *waiting])) or conversation.human[:1]
    facts: dict[str, Fact] = {}
    for name, messages in (("asks", waiting), ("severity", matter)):
        if messages:
            facts[name] = _strongest(name, messages)
    for name in _FROM_TEXT_IF_TRUE:
        source = waiting if name != "says_urgent" else matter
        if source:
            facts[name] = _truth(name, source)
    if words := _all(("urgency",), matter):
        facts["urgency"] = Fact(
            value=tuple(dict.fromkeys(str(f.value) for _, f in words)),
            source="item",
            quote=words[0][1].quote,
            item=words[0][0].id,
        )
    facts.update(_money(matter))
    if waiting:
        facts["thanks_only"] = Fact(value=says_only_thanks(waiting[-1]), source="item", item=waiting[-1].id)
        facts["resolved"] = _truth("resolved", waiting[-1:]) if closes(waiting[-1]) else Fact(value=False)
    if due := deadline(conversation):
        facts["due_at"] = due
    return facts


def _all(names: Iterable[str], messages: Sequence[Message]) -> list[tuple[Message, TextFact]]:
    return [(m, f) for m in messages for f in m.reading.facts if f.fact in names and is_said_to_us(f, m)]


def _strongest(name: str, messages: Sequence[Message]) -> Fact:
    """The highest points any of the messages earns; the newest of equals."""
    points, best, quote = 0, messages[-1], None
    for message in messages:
        said = [f for f in message.reading.facts if f.fact == name and is_said_to_us(f, message)]
        strongest = max(said, key=lambda f: f.points, default=None)
        # Sentences below a table's threshold leave no quote, only their points in the whole.
        unquoted = 0 if any(f.fact == name for f in message.reading.facts) else getattr(message.reading, name)
        earned = strongest.points if strongest else unquoted
        if earned >= points:
            points, best, quote = earned, message, strongest.quote if strongest else None
    return Fact(value=points, source="item", item=best.id, quote=quote)


def _truth(name: str, messages: Sequence[Message]) -> Fact:
    hits = [(m, f) for m, f in _all((name,), messages) if f.value is True]
    if not hits:
        return Fact(value=False, source="item")
    message, fact = hits[-1]
    return Fact(value=True, source="item", quote=fact.quote, item=message.id)


def _money(messages: Sequence[Message]) -> dict[str, Fact]:
    amounts = _all(("money",), messages)
    if not amounts:
        return {}
    message, amount = max(amounts, key=lambda pair: float(pair[1].value))
    facts = {"money": Fact(value=float(amount.value), source="item", quote=amount.quote, item=message.id)}
    if currency := next((f for f in message.reading.facts if f.fact == "currency"), None):
        facts["currency"] = Fact(value=str(currency.value), source="item", quote=amount.quote, item=message.id)
    return facts


def _from_people(owned: Owned, conversation: Conversation) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    title = owned.title or (conversation.title() if conversation.everything else None)
    values: dict[str, FactValue | None] = {
        "assignee": owned.assignee,
        "priority": _PRIORITIES.get((owned.priority or "").strip().lower()),
        "project": owned.project,
        "scheduled_at": owned.scheduled_at,
        "started_at": owned.started_at,
        "labels": owned.labels or None,
    }
    if title:
        facts["title"] = Fact(value=title, source="person" if owned.title else "item")
    for name, value in values.items():
        if value is not None:
            facts[name] = Fact(value=value, source="integration" if name in owned.from_source else "person")
    if (ours := ours_to_do(owned, conversation)) is not None:
        facts["assigned_to_us"] = Fact(value=ours, source=facts["assignee"].source)
    facts["label_count"] = Fact(value=len(owned.labels))
    facts["blocked"] = Fact(value=len(owned.needs))
    if owned.needs:
        facts["waits_for"] = Fact(value=tuple(map(str, owned.needs)))
    facts["blocking"] = Fact(value=len(owned.blocks))
    if owned.blocks:
        facts["blocks"] = Fact(value=tuple(map(str, owned.blocks)))
    if owned.due_at:
        facts["due_at"] = Fact(value=owned.due_at, source="person")
    return facts


def _from_row(owned: Owned, work: Work | None) -> dict[str, Fact]:
    """What the row at the source says that nobody can set here; notes are counted at both places."""
    here = 1 if owned.notes.strip() else 0
    if work is None:
        return {"notes": Fact(value=here, source="person")}
    facts = {"notes": Fact(value=work.notes + here, source="person" if here else "integration")}
    if work.wait_until:
        facts["wait_until"] = Fact(value=work.wait_until, source="integration")
    if work.attributes:
        own = tuple(f"{name}={value}" for name, value in work.attributes)
        facts["attributes"] = Fact(value=own, source="integration")
    return facts


def ours_to_do(owned: Owned, conversation: Conversation) -> bool | None:
    """Whether one of us has the task; None where nobody has it, or nobody said who we are."""
    if not owned.assignee:
        return None
    people = conversation.work.assignees if conversation.work and "assignee" in owned.from_source else ()
    found = [conversation.us.has(person.name, person.address) for person in people]
    return any(found) if found and None not in found else conversation.us.has(owned.assignee)
