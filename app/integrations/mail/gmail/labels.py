"""Gmail's labels: ids as the API gives them, names as people know them, and what the system's own mean.

A person's label has an id like «Label_12», which says nothing and differs between mailboxes. Its name means nothing
to us whatever it is: a label «Bin» is no trash.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.core.errors import Rejected
from app.integrations.exports.charset import clean
from app.integrations.mail.gmail.tools import LIST_LABELS
from app.integrations.mail.labels import Marks
from app.integrations.pulling import Tools

SYSTEM: Mapping[str, tuple[str, str]] = {
    "INBOX": ("Inbox", "inbox"),
    "UNREAD": ("Unread", "unread"),
    "STARRED": ("Starred", "starred"),
    "IMPORTANT": ("Important", "important"),
    "SENT": ("Sent", "sent"),
    "DRAFT": ("Drafts", "draft"),
    "TRASH": ("Trash", "trash"),
    "SPAM": ("Spam", "spam"),
    "CHAT": ("Chat", ""),
    "CATEGORY_PERSONAL": ("Category personal", ""),
    "CATEGORY_SOCIAL": ("Category social", "social"),
    "CATEGORY_PROMOTIONS": ("Category promotions", "promotions"),
    "CATEGORY_UPDATES": ("Category updates", ""),
    "CATEGORY_FORUMS": ("Category forums", ""),
}
"""Id to the name that exports of the same mailbox use, and the meaning (app.integrations.mail.labels)."""
PUT_AWAY = frozenset({"SPAM", "TRASH"})
MOST_LABELS = 200


def marks(ids: Iterable[str], names: Mapping[str, str]) -> Marks:
    """What the labels say. Gmail names every label of a message, so what is not named is known to be False."""
    given = sorted(set(ids))
    system = [SYSTEM[each] for each in given if each in SYSTEM]
    own = sorted(names.get(each, each) for each in given if each not in SYSTEM)
    meanings = frozenset(meaning for _, meaning in system if meaning)
    shown = tuple(dict.fromkeys([*(name for name, _ in system), *own]))[:MOST_LABELS]
    return Marks(shown, meanings, "unread" in meanings, "starred" in meanings, "important" in meanings)


@dataclass(slots=True)
class Directory:
    """The names of one mailbox's labels, asked for when the first is needed, and once more when one is missing."""

    tools: Tools
    names: dict[str, str] = field(default_factory=dict)
    """Id to name, of people's own labels."""
    asked: int = 0

    async def learn(self, ids: Iterable[str]) -> None:
        """See to it that `names` holds these, as far as they exist."""
        missing = {each for each in ids if each not in SYSTEM} - self.names.keys()
        if missing and self.asked < 2:
            await self._ask()

    async def ids_of(self, names: Iterable[str]) -> list[str]:
        """The ids of labels that people named. Raises Rejected where the mailbox has none of that name."""
        system = {known.casefold(): each for each, (name, _) in SYSTEM.items() for known in (each, name)}
        wanted = [" ".join(name.split()) for name in names]
        if any(name.casefold() not in system for name in wanted):
            await self._ask()
        own = {name.casefold(): each for each, name in self.names.items()}
        found = {name: own.get(name.casefold()) or system.get(name.casefold()) for name in wanted}
        if unknown := [f"«{name}»" for name, each in found.items() if each is None]:
            detail = f"Gmail has no label {', '.join(unknown)}: correct the labels in the integration's settings."
            raise Rejected(detail, service="Gmail")
        return [each for each in found.values() if each]

    async def own(self, name: str) -> str | None:
        """The id of the label that people called so, in any case, as Gmail says now; None where there is none."""
        await self._ask()
        return next((each for each, known in self.names.items() if known.casefold() == name.casefold()), None)

    async def _ask(self) -> None:
        self.asked += 1
        answer = await self.tools(LIST_LABELS)
        given = answer.find("labels", list)
        named = {
            each["id"]: " ".join(clean(each["name"]).split())
            for each in given
            if isinstance(each, Mapping) and isinstance(each.get("id"), str) and isinstance(each.get("name"), str)
        }
        if given and not named:
            raise answer.unreadable("data.labels[0].id", "holds labels without «id» and «name»")
        self.names = {each: name for each, name in named.items() if each not in SYSTEM}
