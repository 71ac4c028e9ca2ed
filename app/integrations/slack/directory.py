"""Who and what the ids in a workspace stand for: people, bots, channels, groups of people.

Built from users.json, channels.json, groups.json, dms.json and mpims.json of an export, or from the answers of
users.list, conversations.list and usergroups.list. Ids that are unknown stand for themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.integrations.slack.times import stamp
from app.integrations.slack.values import Object, first_text, inner, objects, text, texts, whole
from app.records import Person

SLACKBOT = "USLACKBOT"
CANVAS = re.compile(r"FC:F[A-Z0-9]{6,14}:(.+)", re.DOTALL)
"""How the comments on a canvas are named. Where file systems allow no colon, their folder has underscores."""
ChannelSort = Literal["channel", "direct", "group_direct"]


@dataclass(frozen=True, slots=True)
class Member:
    """A person or bot user of the workspace."""

    name: str
    """As Slack shows it, and as texts call them."""
    email: str = ""
    """Lower case; "" where it is hidden or more than one member gives it."""
    zone: str = ""
    offset: int | None = None
    """Seconds east of UTC when the export was made."""
    is_bot: bool = False
    bot: str = ""
    """The id that messages of this bot bear beside that of its user."""
    full_name: str = ""
    """"" where `name` says as much."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages stand. `id` is «#folder» where the export does not tell it."""

    id: str
    name: str = ""
    sort: ChannelSort = "channel"
    members: tuple[str, ...] = ()
    pinned: frozenset[str] = frozenset()
    """The `ts` of messages that somebody pinned."""
    earlier_names: tuple[str, ...] = ()
    """Other names that its folder may bear."""
    base: str = ""
    """The folder whose list of channels names it: enterprise exports hold several workspaces."""

    @property
    def is_direct(self) -> bool:
        return self.sort != "channel"


@dataclass(frozen=True, slots=True)
class Directory:
    """All that is known of a workspace beside its messages."""

    members: Mapping[str, Member] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """By id."""
    folders: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)
    """By the names their folders may bear: the name now, earlier names, the id."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Handles of groups of people (@ops), by id."""
    bots: Mapping[str, str] = field(default_factory=dict)
    """Names of bots, by the id of the bot and not of its user."""
    domain: str = ""
    """X of https://X.slack.com."""

    def person(self, user: str) -> Person:
        member = self.members.get(user)
        address = (member.email if member else "") or f"slack:{user.lower()}"
        return Person((member.full_name if member else "") or self.name(user), address)

    def name(self, user: str) -> str:
        member = self.members.get(user)
        return (member.name if member else "") or ("Slackbot" if user == SLACKBOT else user)

    def channel_name(self, channel: str, label: str = "") -> str:
        """Its name now, else the one that a text gives it, else its id."""
        known = self.channels.get(channel)
        return (known.name if known else "") or label or channel

    def channel_of(self, folder: str, base: str = "") -> Channel:
        """The channel whose messages lie in `folder`; one of another workspace only where no other has the name."""
        named = self.folders.get(folder, ())
        near = [channel for channel in named if channel.base == base]
        if len(near) == 1:
            return near[0]
        return named[0] if len(named) == 1 else unlisted(folder)

    def with_profiles(self, messages: Iterable[Object]) -> "Directory":
        """With those who wrote `messages` and stand in no list, as their messages introduce them."""
        unknown = {
            user: Member(called, full_name=full_name_in(profile))
            for message in messages
            if (user := text(message.get("user"))) not in self.members
            and (called := name_in(profile := inner(message, "user_profile")))
        }
        return replace(self, members={**self.members, **unknown}) if unknown else self


def unlisted(folder: str) -> Channel:
    """A channel that no list names; ids of direct talks tell what they are by their first letter."""
    if looks_like_id(folder):
        return Channel(folder, "" if folder[0] == "D" else folder, "direct" if folder[0] == "D" else "channel")
    return Channel(f"#{folder}", folder, "group_direct" if folder.startswith("mpdm-") else "channel")


def looks_like_id(name: str) -> bool:
    return 9 <= len(name) <= 14 and name[0] in "CDG" and name.isascii() and name.isalnum() and name.isupper()


def member(entry: Object) -> Member:
    profile = inner(entry, "profile")
    name = name_in(profile) or first_text(entry, "real_name", "display_name", "name")
    is_bot = entry.get("is_bot") is True or entry.get("id") == SLACKBOT
    email = first_text(profile, "email") or first_text(entry, "email")
    email = email.lower() if "@" in email else ""
    bot = first_text(profile, "bot_id")
    real = first_text(profile, "real_name") or first_text(entry, "real_name")
    full_name = full_name_in({**profile, "real_name": real})
    zone = first_text(entry, "tz")
    return Member(name, email, zone, whole(entry.get("tz_offset")), is_bot or bool(bot), bot, full_name)


def name_in(profile: Object) -> str:
    return first_text(profile, "display_name", "real_name", "name")


def full_name_in(profile: Object) -> str:
    """The real name where the name that is shown is only a part or a nick of one: «Ana Torres» of «ana»."""
    real = first_text(profile, "real_name")
    return real if len(name_in(profile).split()) < 2 <= len(real.split()) else ""


def without_shared(members: Mapping[str, Member]) -> dict[str, Member]:
    """Slack gives every address to one person, so one that several bear says who nobody is."""
    shared = {email for email, count in Counter(each.email for each in members.values()).items() if count > 1}
    return {user: replace(each, email="") if each.email in shared else each for user, each in members.items()}


def channel(entry: Object, base: str = "", sort: ChannelSort = "channel") -> Channel:
    if entry.get("is_im") is True:
        sort = "direct"
    elif entry.get("is_mpim") is True or first_text(entry, "name").startswith("mpdm-"):
        sort = "group_direct"
    name = first_text(entry, "name", "name_normalized")
    title = CANVAS.match(name)
    pins = objects(entry.get("pins"))
    people = texts(entry.get("members")) or [user for user in (first_text(entry, "user"),) if user]
    return Channel(
        first_text(entry, "id"),
        title[1] if title else name,
        sort,
        tuple(dict.fromkeys(people)),
        frozenset(stamp(pin.get("id")) for pin in pins) - {""},
        (*texts(entry.get("previous_names")), *([name, name.replace(":", "_")] if title else [])),
        base,
    )


def by_folder(channels: Iterable[Channel]) -> dict[str, tuple[Channel, ...]]:
    """Channels by what their folder may be called. An earlier name counts only where no channel bears it now."""
    now: dict[str, dict[str, Channel]] = {}
    earlier: dict[str, dict[str, Channel]] = {}
    for each in channels:
        for name in (each.name, each.id):
            now.setdefault(name, {})[each.id] = each
        for name in each.earlier_names:
            earlier.setdefault(name, {})[each.id] = each
    return {name: tuple(found.values()) for name, found in {**earlier, **now}.items() if name}
