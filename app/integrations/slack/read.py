"""Reading an export, file by file: memory is bounded by the lists and one file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.integrations.exports import tree as trees
from app.integrations.slack import message as messages
from app.integrations.slack.answers import Answer, answers, channel_in, refusal
from app.integrations.slack.answers import messages as messages_in
from app.integrations.slack.directory import Channel, Directory
from app.integrations.slack.export import DAY, Findings, sort_of, stem, survey
from app.integrations.slack.files import Parsed, parsed
from app.integrations.slack.times import seconds_between, stamp
from app.integrations.slack.values import objects, text
from app.records import Item, Progress, Read, Refusal

CHANNEL_ID = re.compile(r"(?<![A-Za-z0-9])[CDG][A-Z0-9]{8,12}(?![A-Za-z0-9])")
PAUSE = 6 * 3600
"""Seconds of silence after which the next line of a direct talk begins another one."""
FOREIGN = "It is no file of a Slack export that could hold messages."


@dataclass(slots=True)
class Reading:
    """Where the reading stands."""

    names: Directory
    entries: Mapping[str, trees.Entry]
    total: int
    done: int = 0
    given: int = 0
    latest: dict[str, str] = field(default_factory=dict)
    """The ts of what a person said last outside threads, by direct talk."""

    def refused(self, what: str, why: str) -> Read:
        self.given += 1
        return Read(Refusal(what, why), what, Progress(self.done, self.total))


def read_export(path: Path) -> Iterator[Read]:
    """Every message below `path`. Raises OSError where `path` itself can't be read."""
    with trees.opened(path) as tree:
        findings = survey(tree)
        reading = Reading(findings.directory(), {entry.name: entry for entry in tree.entries}, tree.total)
        for lost in (*tree.refusals, *findings.refusals):
            yield reading.refused(lost.what, lost.why)
        for entry in tree.entries:
            for step in read_file(entry, reading):
                reading.given += 1
                yield step
            reading.done += entry.size
        if not reading.given:
            yield reading.refused(tree.name, nothing_in(findings))


def nothing_in(findings: Findings) -> str:
    people, channels = len(findings.members), len(findings.channels)
    return f"It holds no messages; it tells of {people:,} people and {channels:,} channels."


def read_file(entry: trees.Entry, reading: Reading) -> Iterator[Read]:
    sort = sort_of(entry.name)
    if sort == "foreign":
        yield reading.refused(entry.name, FOREIGN)
    elif sort == "day":
        yield from read_day(entry, reading)
    elif sort == "answers":
        yield from read_answers(entry, reading)


def read_day(entry: trees.Entry, reading: Reading) -> Iterator[Read]:
    found = parsed(entry)
    named = DAY.match(entry.name)
    channel = reading.names.channel_of(named["folder"], named["base"] or "") if named else Channel("")
    if isinstance(found.value, list):
        values = newest(found.value, entry, reading, channel)
        yield from read_messages(values, entry, reading, channel, found.note)
    elif not found.trouble:
        found = replace(found, trouble="It holds no list of messages.")
    if found.trouble:
        yield reading.refused(entry.name, found.trouble)


def newest(values: list[Any], entry: trees.Entry, reading: Reading, channel: Channel) -> list[Any]:
    """Where a renamed channel has a folder under each name, what the folder of today's name says of the same messages.

    Without this, what differs between the two copies would change back and forth at every import.
    """
    *above, _, day = entry.name.split("/")
    today = reading.entries.get("/".join([*above, channel.name, day]))
    if today is None or today.name == entry.name:
        return values
    copies = {ts: each for each in objects(parsed(today).value) if (ts := stamp(each.get("ts")))}
    return [copies.get(stamp(each.get("ts")), each) if isinstance(each, dict) else each for each in values]


def read_answers(entry: trees.Entry, reading: Reading) -> Iterator[Read]:
    found = parsed(entry)
    kept = answers(found.value, stem(entry.name))
    if kept is None:
        yield reading.refused(entry.name, found.trouble or "It is JSON, but neither messages nor an answer of Slack's.")
        return
    for answer in kept:
        yield from read_answer(answer, entry, reading, found)
    if found.trouble:
        yield reading.refused(entry.name, found.trouble)


def read_answer(answer: Answer, entry: trees.Entry, reading: Reading, found: Parsed) -> Iterator[Read]:
    place = ", ".join(part for part in (entry.name, answer.numbered) if part)
    inside = messages_in(answer)
    if inside is None or answer.body.get("ok") is False:
        if why := refusal(answer):
            yield reading.refused(place, why)
        return
    channel = channel_of(answer, entry.name, reading.names)
    yield from read_messages(inside, entry, reading, channel, found.note, place)


def channel_of(answer: Answer, name: str, names: Directory) -> Channel:
    """The channel of an answer: the one its call names, else the one that the file called `name` is named after."""
    if answer.channel:
        return names.channel_of(answer.channel)
    above = name.rpartition("/")[0].rpartition("/")[2]
    meant = [*CHANNEL_ID.findall(name), stem(name), above]
    return names.channel_of(next((each for each in meant if each in names.folders), meant[0]))


def read_messages(
    values: list[Any], entry: trees.Entry, reading: Reading, channel: Channel, note: str, place: str = ""
) -> Iterator[Read]:
    """The messages of one file, oldest first. They are counted as they stand in it."""
    reading.names = reading.names.with_profiles(value for value in values if isinstance(value, dict))
    ordered = sorted(enumerate(values, 1), key=lambda each: age(each[1]))
    for read, (at, value) in enumerate(ordered, 1):
        where = f"{place or entry.name}, message {at}"
        progress = Progress(reading.done + entry.size * read // len(values), reading.total)
        yield Read(item(value, where, reading, channel, note), where, progress)


def age(value: Any) -> tuple[int, str]:
    ts = stamp(value.get("ts")) if isinstance(value, dict) else ""
    return (int(ts.partition(".")[0]), ts) if ts else (0, "")


def item(value: Any, where: str, reading: Reading, channel: Channel, note: str) -> Item | Refusal:
    try:
        message = messages.opened(value)
    except messages.NoMessage as error:
        return Refusal(where, str(error))
    if own := channel_in(message):
        channel = reading.names.channel_of(own)
    ts = stamp(message.get("ts"))
    is_top = stamp(message.get("thread_ts")) in ("", ts)
    before = before_it(reading.latest, channel, ts) if channel.is_direct and is_top else ""
    found = messages.to_item(message, channel, reading.names, before)
    if found.automation is not None and before:  # no machine's line joins what people say
        found = replace(found, keys=found.keys[:1])
    elif found.automation is None and channel.is_direct and is_top:
        reading.latest[channel.id] = ts
    guessed = note and not (text(message.get("text")).isascii() and found.text.isascii())
    return replace(found, problems=(note,)) if guessed else found


def before_it(latest: dict[str, str], channel: Channel, ts: str) -> str:
    """What was said just before `ts` in a direct talk, "" where that is too long ago."""
    before = latest.get(channel.id, "")
    return before if before and 0 < seconds_between(before, ts) <= PAUSE else ""
