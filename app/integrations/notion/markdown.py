"""Pages as Notion exports them in Markdown: a title, for rows one «Name: value» line a property, then the body.

The body is made readable and no more: marks of emphasis go, headings lose their number signs, links get their address
behind the words, to-do boxes stay. Code is left as it is.
"""

import re
from collections.abc import Collection, Iterator
from itertools import dropwhile

from app.integrations.notion.cells import Cell, linked
from app.integrations.notion.read import Sheet, written_cell

PROPERTY = re.compile(r"([^\s:][^:\n]{0,99}): \S")
LINK = re.compile(r"(!?)\[((?:[^\[\]\n\\]|\\.){0,1000})\]\(<?((?:[^\s()<>]|\([^\s()<>]{0,300}\)){1,4000})>?\)")
TO_DO = re.compile(r"(\s*)[-*] \[([ xX])\]\s*(.*)")
HEADING = re.compile(r"(#{1,6})\s+(.*)")
EMPHASIS = re.compile(
    r"(?<!\\)(\*\*|~~)(?=\S)(.{1,2000}?\S|\S)\1"
    r"|(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=\S)(?<!\\)\*(?![\w*])"
)
TAG = re.compile(r"</?(?:aside|details|summary|u|br|span|sup|sub|div|p|img|column|columns|callout)\b[^<>\n]{0,300}>")
SOURCE = re.compile(r"<(?:img|video|audio|source|embed)\b[^<>\n]{0,300}?\ssrc=\"([^\"<>\n]{1,2000})\"")
MARKED = re.compile(r"[\\*~<\[]")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~>|$<])")


def sheet(text: str, known: Collection[str] | None = None) -> Sheet:
    """The page in `text`. `known` are the columns of its table; None: it isn't known to be a row, and lines are
    properties only where all of the first paragraph are."""
    lines = text.removeprefix("\ufeff").lstrip("\n").split("\n")
    title = ""
    if found := re.match(r"#\s+(.*)|#\Z", lines[0]):
        title = plain(found[1] or "")
        lines = lines[1:]
    lines = list(dropwhile(lambda line: not line.strip(), lines))
    end = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    cells = properties(lines[:end], known)
    body = "\n".join(lines[end:] if cells else lines)
    return Sheet(title=title, cells=cells, body=readable(body), targets=tuple(targets(text)))


def row_sheet(text: str, names: Collection[str]) -> Sheet:
    """The page of a row in a table with the columns `names`; a page that may be a row where there are none."""
    found = sheet(text)
    if not names or set(found.cells) & set(names):
        return found
    return sheet(text, names)


def title_of(text: str) -> str:
    """The title alone, of a page's first lines."""
    first = text.removeprefix("\ufeff").lstrip("\n").partition("\n")[0]
    return plain(first[2:]) if first.startswith("# ") else ""


def plain(title: str) -> str:
    return " ".join(ESCAPED.sub(r"\1", title).split())


def properties(lines: list[str], known: Collection[str] | None) -> dict[str, Cell]:
    """Property by name. Where the columns are known, a line that names none of them goes on with the value before."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        begun = begins(line, known)
        if begun:
            name = begun
            found.setdefault(name, []).append(line[len(name) + 1 :])
        elif known is not None and name:
            found[name].append(line)
        else:
            return {}
    return {name: written_cell(value(parts)) for name, parts in found.items()}


def begins(line: str, known: Collection[str] | None) -> str:
    """The name of the property that `line` begins; "" where it begins none. Names may hold colons themselves."""
    if known is None:
        match = PROPERTY.match(line)
        return match[1] if match else ""
    fitting = (name for name in known if line.startswith(f"{name}: ") or line == f"{name}:")
    return max(fitting, key=len, default="")


def value(parts: list[str]) -> str:
    return ESCAPED.sub(r"\1", "\n".join(parts)).strip()


def targets(text: str) -> Iterator[str]:
    yield from (found[3] for found in LINK.finditer(text))
    yield from (found[1] for found in SOURCE.finditer(text))


def readable(text: str) -> str:
    """The Markdown as a person would write it in a mail."""
    out: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        out.append(line if fenced else readable_line(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in out)).strip("\n")


def readable_line(line: str) -> str:
    if found := TO_DO.match(line):
        line = f"{found[1]}[{found[2].lower()}] {found[3]}"
    elif found := HEADING.match(line):
        line = found[2]
    if not MARKED.search(line):
        return line
    line = LINK.sub(link, TAG.sub("", line))
    for _ in range(3 if "*" in line or "~" in line else 0):  # bold within italic within a line that is struck through
        line = EMPHASIS.sub(lambda found: found[2] or found[3], line)
    return ESCAPED.sub(r"\1", line)


def link(found: re.Match[str]) -> str:
    return linked(found[2], found[3])
