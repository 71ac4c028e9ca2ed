"""The files of an export: which hold messages, which tell of people and channels, which hold neither.

A folder for each channel with one file a day, and lists beside the folders; in enterprise exports several such trees
stand in one. https://slack.com/help/articles/220556107
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from app.integrations.exports.tree import Damaged, Entry, Tree
from app.integrations.slack.answers import Answer, answers
from app.integrations.slack.directory import (
    Channel,
    ChannelSort,
    Directory,
    Member,
    by_folder,
    channel,
    member,
    without_shared,
)
from app.integrations.slack.files import Parsed, parsed
from app.integrations.slack.values import Object, first_text, inner, objects
from app.records import Refusal

Sort = Literal["day", "list", "answers", "silent", "foreign"]

DAY = re.compile(r"(?:(?P<base>.*)/)?(?P<folder>[^/]+)/\d{4}-\d{2}-\d{2}\.json\Z")
CHANNEL_LISTS: dict[str, ChannelSort] = {
    "channels.json": "channel",
    "groups.json": "channel",
    "dms.json": "direct",
    "mpims.json": "group_direct",
    "file_conversations.json": "channel",
}
PEOPLE_LISTS = ("org_users.json", "users.json")
WITHOUT_MESSAGES = {
    *("integration_logs.json", "canvases.json", "huddle_transcripts.json", "lists.json"),
    *("canvas_in_the_conversation.json", "content_flags.json", "emojis.json", "emoji.json", "workflows.json"),
    *("retention_policies.json", "user_groups.json", "usergroups.json", "app_activities.json", "audit_logs.json"),
}
FOLDERS_WITHOUT_MESSAGES = {
    *("attachments", "__uploads", "__avatars", "files", "canvases", "lists", "huddle_transcripts", "emojis"),
}
DOMAIN = re.compile(rb"https:\\?/\\?/([a-z0-9][a-z0-9-]{0,60})\.slack\.com\\?/(?:files|team)\\?/")
NO_WORKSPACES = {"api", "app", "files", "slack", "status", "www"}
LOOKED_INTO = 60
"""Day files that are looked into for the workspace's domain, 64 KB of each."""


@dataclass(slots=True)
class Findings:
    """What the lists tell, gathered while they are read."""

    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    domain: str = ""
    refusals: list[Refusal] = field(default_factory=list)

    def directory(self) -> Directory:
        people = without_shared(self.members)
        bots = {each.bot: each.name for each in people.values() if each.bot}
        return Directory(people, self.channels, by_folder(self.channels.values()), self.groups, bots, self.domain)


def sort_of(name: str) -> Sort:
    """What the file called `name` is for."""
    *folders, file = name.split("/")
    if file in CHANNEL_LISTS or file in PEOPLE_LISTS:
        return "list"
    if DAY.match(name):
        return "day"
    if file in WITHOUT_MESSAGES or FOLDERS_WITHOUT_MESSAGES.intersection(folders):
        return "silent"
    return "answers" if file.endswith(".json") else "foreign"


def survey(tree: Tree) -> Findings:
    """Everything but the messages. Each file is read by itself and let go."""
    findings = Findings()
    for entry in tree.entries:
        sort = sort_of(entry.name)
        if sort == "list":
            note_list(entry, parsed(entry), findings)
        elif sort == "answers":
            for each in answers(parsed(entry).value, stem(entry.name)) or []:
                note_answer(each, findings)
    findings.domain = findings.domain or domain(tree)
    return findings


def stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".json")


def note_list(entry: Entry, read: Parsed, findings: Findings) -> None:
    base, _, file = entry.name.rpartition("/")
    if not isinstance(read.value, list):
        findings.refusals.append(Refusal(entry.name, read.trouble or "It holds no list."))
        return
    if read.trouble:
        findings.refusals.append(Refusal(entry.name, read.trouble))
    if file in PEOPLE_LISTS:
        note_members(objects(read.value), findings)
    else:
        note_channels(objects(read.value), findings, base, CHANNEL_LISTS[file])


def note_members(entries: list[Object], findings: Findings) -> None:
    findings.members.update({user: member(each) for each in entries if (user := first_text(each, "id"))})


def note_channels(entries: list[Object], findings: Findings, base: str = "", sort: ChannelSort = "channel") -> None:
    found = [channel(each, base, sort) for each in entries]
    findings.channels.update({each.id: each for each in found if each.id})


def note_answer(found: Answer, findings: Findings) -> None:
    """People, channels and groups of an answer that did not fail: samples of failures hold nothing real."""
    body = found.body
    if body.get("ok") is not True or inner(body, "event"):
        return
    note_members([*objects(body.get("members")), *objects([body.get("user")])], findings)
    for name in ("channels", "groups", "ims"):
        note_channels(objects(body.get(name)), findings)
    note_channels(objects([body.get("channel")]), findings)
    for group in objects(body.get("usergroups")):
        findings.groups[first_text(group, "id")] = first_text(group, "handle", "name")
    address = re.match(r"https://([\w-]+)\.slack\.com/?\Z", first_text(body, "url"))
    findings.domain = findings.domain or first_text(inner(body, "team"), "domain") or (address[1] if address else "")


def domain(tree: Tree) -> str:
    """X of https://X.slack.com, where most files and people of some days stand; "" where none do."""
    days = [entry for entry in tree.entries if sort_of(entry.name) == "day"]
    step = max(1, len(days) // LOOKED_INTO)
    found: Counter[str] = Counter()
    for entry in days[::step][:LOOKED_INTO]:
        try:
            with entry.open() as stream:
                found.update(name.decode() for name in DOMAIN.findall(stream.read(64 * 1024)))
        except (Damaged, OSError):
            continue  # whoever reads its messages says so
    named = [(count, name) for name, count in found.items() if name not in NO_WORKSPACES]
    return max(named)[1] if named else ""
