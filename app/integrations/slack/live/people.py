"""Who is in the workspace and which conversations there are, as the export reader's `Directory`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.core.errors import Rejected
from app.integrations.slack.directory import SLACKBOT, Channel, Directory, by_folder
from app.integrations.slack.directory import channel as channel_in
from app.integrations.slack.export import Findings, note_members
from app.integrations.slack.live.calls import Calls
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.mrkdwn import mentions
from app.integrations.slack.values import Object, first_text, objects, text

KEPT_FOR = timedelta(hours=1)
GROUP = re.compile(r"mpdm-(.+)-\d+\Z")
DOMAIN = re.compile(r"https://([\w-]+)\.(?:enterprise\.)?slack\.com/?\Z")


@dataclass(frozen=True, slots=True)
class Me:
    """Whose account it is; empty where the connection does not tell. Then items have no links to Slack."""

    user: str = ""
    team: str = ""
    domain: str = ""


async def me(calls: Calls) -> Me:
    try:
        answer = await calls.me()
    except Rejected:  # an older toolkit may lack the tool, and nothing but links and addressees depends on it
        return Me()
    address = DOMAIN.match(answer.look("url", str, default=""))
    user, team = (answer.look(name, str, default="") for name in ("user_id", "team_id"))
    return Me(user, team, address[1] if address else "")


@dataclass(slots=True)
class People:
    """The workspace's people, asked for once an hour, and once more where somebody unknown writes."""

    me: str
    names: Directory
    handles: dict[str, str] = field(default_factory=dict)
    """Ids by what the names of group talks call people."""
    strangers: frozenset[str] = frozenset()
    """Ids that no list knows: of other workspaces, or of people who left long ago."""
    at: datetime | None = None

    async def refresh(self, calls: Calls, now: datetime) -> None:
        if self.at is None or not timedelta() <= now - self.at < KEPT_FOR:
            await self._read(calls, now)

    async def knowing(self, messages: Iterable[Object], calls: Calls, now: datetime) -> Directory:
        """The directory with those who wrote `messages` and whom they mention, as far as anything tells of them."""
        given = list(messages)
        self.names = self.names.with_profiles(given)
        unknown = self._unknown(given)
        if unknown and self.at != now:
            await self._read(calls, now)
            self.names = self.names.with_profiles(given)
            unknown = self._unknown(given)
        self.strangers |= unknown
        return self.names

    def _unknown(self, messages: list[Object]) -> set[str]:
        named = {text(each.get("user")) for each in messages}
        named.update(user for each in messages for user in mentions(text(each.get("text"))))
        return named - {"", SLACKBOT} - self.names.members.keys() - self.strangers

    async def _read(self, calls: Calls, now: datetime) -> None:
        findings, handles = Findings(), {}
        async for page in calls.members():
            note_members(objects(page.entries), findings)
            handles.update({first_text(each, "name"): first_text(each, "id") for each in objects(page.entries)})
        people = findings.directory()
        self.names = replace(self.names, members=people.members, bots=people.bots)
        self.handles, self.at = handles, now

    def note(self, channels: Iterable[Channel]) -> None:
        known = {each.id: each for each in channels}
        self.names = replace(self.names, channels=known, folders=by_folder(known.values()))

    def title(self, channel: Channel) -> str:
        """What people call it: «#general», «@Ben», «@Ben, @Cleo»."""
        if not channel.is_direct:
            return f"#{channel.name or channel.id}"
        others = [each for each in channel.members if each != self.me] or list(channel.members)
        return ", ".join(f"@{self.names.name(each)}" for each in others) or channel.name or channel.id


async def conversations(calls: Calls, settings: SlackSettings, people: People) -> tuple[list[Channel], list[str]]:
    """The conversations to read, in an order that stays the same, and the names in the settings that none bears."""
    types = "public_channel,private_channel" + (",im,mpim" if settings.direct_messages else "")
    listed: dict[str, Channel] = {}
    joined: set[str] = set()
    async for page in calls.conversations(types):
        for entry in objects(page.entries):
            found = with_members(channel_in(entry), people)
            if found.id and entry.get("is_archived") is not True:
                listed[found.id] = found
                joined |= {found.id} if entry.get("is_member") is not False or found.is_direct else set()
    people.note(listed.values())
    wanted = {_plain(each) for each in settings.channels} - {""}
    unwanted = {_plain(each) for each in settings.exclude} - {""}
    chosen = [
        each
        for each in listed.values()
        if (_called(each, people) & wanted if wanted and not each.is_direct else each.id in joined)
        and not _called(each, people) & unwanted
    ]
    missing = wanted - {name for each in listed.values() for name in _called(each, people)}
    return sorted(chosen, key=lambda each: each.id), sorted(missing)


def with_members(channel: Channel, people: People) -> Channel:
    """A direct talk with all who are in it: Slack's list names only the other, and in groups only by a name."""
    if channel.sort == "direct":
        return replace(channel, members=tuple(dict.fromkeys(each for each in (people.me, *channel.members) if each)))
    if channel.sort == "group_direct" and not channel.members and (named := GROUP.match(channel.name)):
        members = (people.handles.get(each, "") for each in named[1].split("--"))
        return replace(channel, members=tuple(each for each in members if each))
    return channel


def _called(channel: Channel, people: People) -> set[str]:
    """All that settings may call it."""
    names = {channel.id.lower(), channel.name.lower(), _plain(people.title(channel))}
    if channel.sort == "direct":
        names |= {_plain(people.names.person(each).name) for each in channel.members if each != people.me}
    return names - {""}


def _plain(name: str) -> str:
    return name.strip().lstrip("#@").lower()
