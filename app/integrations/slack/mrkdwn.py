"""Slack's markup («mrkdwn») as text for people: names instead of ids, links spelt out, markers dropped.

Format: https://docs.slack.dev/messaging/formatting-message-text/. In it &, < and > of the writer are escaped once, and
everything between < and > is Slack's own: a person, a channel, a command, a link.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.integrations.exports.charset import clean
from app.integrations.slack.directory import Directory
from app.integrations.slack.times import moment, stamp

SPECIAL = re.compile(r"[<&*_~`]|::|^>", re.MULTILINE)
BLOCK = re.compile(r"```(.+?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
TOKEN = re.compile(r"<([^<>\n]{1,4000})>")
MENTION = re.compile(r"<@([A-Z0-9]{2,30})(?:\|[^<>\n]*)?>")
# A marker counts where it hugs its words and stands outside others: 2 * 3 * 4, snake_case and ~/bin stay.
STYLES = tuple(
    re.compile(rf"(?<![\w{mark}\\]){mark}(?=[^\s{mark}])([^{mark}\n]*[^\s{mark}]){mark}(?![\w{mark}])")
    for mark in (r"\*", "_", "~")
)
HELD = re.compile("\0(\\d+)\0")
SKIN = re.compile(r":skin-tone-\d:")
QUOTE = re.compile(r"(?:(?:&gt;|>) ?)+")
ALL_QUOTED = re.compile(r"(?:&gt;){3}|>{3}")
GAP = re.compile(r"\n{3,}")
SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
EVERYBODY = {"here", "channel", "everyone"}


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and what they quoted."""

    text: str = ""
    quoted: str = ""


def written(source: str, names: Directory) -> Written:
    """`source` for people. Quoted lines stand apart where there are other lines too, else they are the text."""
    source = clean(source)
    if SPECIAL.search(source) is None:
        return Written(source.strip())
    held: list[str] = []
    source = plain(source, names, held)
    own, quoted = parted(source)
    if not own.strip():
        own, quoted = quoted, ""
    return Written(restored(finished(own), held).strip(), restored(finished(quoted), held).strip())


def inline(source: str, names: Directory) -> str:
    """`source` for people where quoting plays no part: titles, fields, elements of apps."""
    source = clean(source)
    if SPECIAL.search(source) is None:
        return source.strip()
    held: list[str] = []
    return restored(finished(plain(source, names, held)), held).strip()


def plain(source: str, names: Directory, held: list[str]) -> str:
    """Code, mentions and links are put aside in `held`, so that no underscore in them is taken for a marker."""

    def put_aside(make: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
        def hold(found: re.Match[str]) -> str:
            held.append(make(found))
            return f"\0{len(held) - 1}\0"

        return hold

    def code(found: re.Match[str]) -> str:
        return unescaped(TOKEN.sub(lambda token: said_in_code(token[1], names), found[1]))

    def block(found: re.Match[str]) -> str:
        before = "" if found.start() == 0 or source[found.start() - 1] == "\n" else "\n"
        after = "" if source[found.end() : found.end() + 1] in ("", "\n") else "\n"
        return before + code(found).strip("\n") + after

    source = BLOCK.sub(put_aside(block), source) if "```" in source else source
    source = INLINE.sub(put_aside(code), source) if "`" in source else source
    return TOKEN.sub(put_aside(lambda found: said(found[1], names)), source) if "<" in source else source


def parted(source: str) -> tuple[str, str]:
    """The writer's own lines, and the lines they quoted."""
    if "&gt;" not in source and ">" not in source:
        return source, ""
    own: list[str] = []
    quoted: list[str] = []
    lines = source.split("\n")
    # Three marks quote all that follows, unless quotes within quotes are marked as mail does.
    nested = sum(QUOTE.match(line) is not None for line in lines) > 1
    for at, line in enumerate(lines):
        if not nested and (found := ALL_QUOTED.match(line)):
            quoted += [line[found.end() :].lstrip(), *lines[at + 1 :]]
            break
        if found := QUOTE.match(line):
            quoted.append(line[found.end() :])
        else:
            own.append(line)
    return GAP.sub("\n\n", "\n".join(own)), "\n".join(quoted)


def finished(source: str) -> str:
    for style in (*STYLES, *STYLES):  # twice, because *_both_* nests either way
        source = style.sub(r"\1", source)
    if "::" in source:
        source = SKIN.sub("", source)
    return unescaped(source)


def unescaped(source: str) -> str:
    """Slack escapes these three and nothing else; & comes last, so that &amp;lt; stays what was written."""
    if "&" not in source:
        return source
    return source.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def restored(source: str, held: list[str]) -> str:
    # What was put aside may hold what was put aside before it: a link within code.
    while HELD.search(source):
        source = HELD.sub(lambda found: held[int(found[1])], source)
    return source


def said(token: str, names: Directory) -> str:
    """What one <token> says."""
    target, _, label = token.partition("|")
    if target[:1] == "@":
        return f"@{mentioned(target[1:], label, names)}"
    if target[:1] == "#":
        return f"#{names.channel_name(target[1:], unescaped(label))}"
    if target[:1] == "!":
        return command(target[1:], unescaped(label), names)
    return link(unescaped(target), finished(label).strip())


def said_in_code(token: str, names: Directory) -> str:
    """In code a link shows what was typed."""
    target, _, label = token.partition("|")
    return said(token, names) if target[:1] in ("@", "#", "!") else label or target


def mentioned(user: str, label: str, names: Directory) -> str:
    return names.name(user) if user in names.members else unescaped(label).lstrip("@") or user


def command(name: str, label: str, names: Directory) -> str:
    word, _, detail = name.partition("^")
    if word == "date":
        return label or date(detail)
    if word == "subteam":
        group, _, _ = detail.partition("^")
        return "@" + (label or names.groups.get(group, "") or group).lstrip("@")
    if word in EVERYBODY:
        return f"@{word}"
    return label or f"@{word}"


def date(detail: str) -> str:
    """A date without fallback: «1392734382^{date} at {time}» as its day and time in UTC."""
    ts = stamp(detail.partition("^")[0])
    return f"{moment(ts):%Y-%m-%d %H:%M} UTC" if ts else detail


def link(url: str, label: str) -> str:
    """«label (url)», or one of both where the label says the address already."""
    scheme, colon, rest = url.partition(":")
    if colon and scheme.lower() in ("mailto", "tel"):
        url = rest
    shortened = label.removesuffix("…").removesuffix("...")
    if not label or (shortened != label and bare(url).startswith(bare(shortened))):
        return url
    return label if bare(label) == bare(url) else f"{label} ({url})"


def bare(url: str) -> str:
    return SCHEME.sub("", url.strip().lower()).rstrip("/")


def mentions(source: str) -> list[str]:
    """Ids of the people a text speaks to, in its order."""
    return MENTION.findall(source) if "<@" in source else []
