"""The text of API pages: their blocks put back together, each below its parent and in the order they were listed.

Blocks of one page may lie anywhere in a document, several times and in several states. The state edited last counts;
what was moved to the trash is left out. Source: https://developers.notion.com/reference/block
"""

from dataclasses import dataclass, field
from typing import Any

from app.integrations.notion.cells import Json, a_dict, a_list, a_text, an_id, attached, file_url, hrefs, linked, rich
from app.records import Attachment

MOST_TEXT = 200_000
MOST_DEPTH = 30
INDENT = "  "
MARKS = {"bulleted_list_item": "- ", "numbered_list_item": "1. ", "quote": "> ", "toggle": "- "}
FILES = {"image", "file", "pdf", "video", "audio"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it is shown."""

    line: str
    edited: str = ""
    """ISO text as the API writes it: comparable as it is."""
    gone: bool = False
    files: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    closed: bool = False
    """What stands below it is a page of its own."""


@dataclass(frozen=True, slots=True)
class Body:
    """What the blocks of a page come to."""

    text: str = ""
    files: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class Blocks:
    """Every block of a document, by id, and which stand below which."""

    by_id: dict[str, Block] = field(default_factory=dict)
    below: dict[str, dict[str, None]] = field(default_factory=dict)
    unnamed: int = 0

    def add(self, block: Json, parent: str = "") -> str:
        """Keeps `block` below the parent it names, else below `parent`. Gives its id; "" where it belongs nowhere."""
        own = an_id(block.get("id"))
        parent = parent_of(block) or parent
        if not parent:
            return own
        if not own:
            self.unnamed += 1
            own = f"unnamed {self.unnamed}"
        self.put(own, parent, read(block))
        return own

    def put(self, own: str, parent: str, block: Block) -> None:
        before = self.by_id.get(own)
        if before is None or block.edited >= before.edited:
            self.by_id[own] = block
        self.below.setdefault(parent, {}).setdefault(own, None)

    def body(self, page: str) -> Body:
        lines: list[str] = []
        files: list[Attachment] = []
        links: list[str] = []
        waiting = [(own, 0) for own in reversed(self.below.get(page, {}))]
        seen: set[str] = set()
        while waiting:
            own, depth = waiting.pop()
            block = self.by_id[own]
            if own in seen or block.gone:
                continue
            seen.add(own)
            lines += [INDENT * depth + line for line in block.line.split("\n")] if block.line else []
            files += block.files
            links += block.links
            if block.closed:
                continue
            deeper = min(depth + bool(block.line), MOST_DEPTH)
            waiting += [(child, deeper) for child in reversed(self.below.get(own, {}))]
        return Body("\n".join(lines), tuple(files), tuple(links))


def parent_of(block: Json) -> str:
    parent = a_dict(block.get("parent"))
    return an_id(parent.get("page_id")) or an_id(parent.get("block_id"))


def read(block: Json) -> Block:
    sort = a_text(block.get("type"))
    inner = a_dict(block.get(sort))
    gone = any(block.get(name) is True for name in ("in_trash", "archived", "is_archived"))
    text = inner.get("rich_text") if "rich_text" in inner else inner.get("text")
    files = attached([inner]) if sort in FILES and file_url(inner) else ()
    links = [*hrefs(text), *hrefs(inner.get("caption")), a_text(inner.get("url")), linked_page(sort, inner)]
    line = marked(sort, inner, written(sort, inner, text))
    edited = a_text(block.get("last_edited_time"))
    closed = sort in ("child_page", "child_database")
    return Block(line.rstrip(), edited, gone, files, tuple(link for link in links if link), closed)


def linked_page(sort: str, inner: Json) -> str:
    target = an_id(inner.get("page_id")) or an_id(inner.get("database_id")) if sort == "link_to_page" else ""
    return f"notion:{target}" if target else ""


def written(sort: str, inner: Json, text: Any) -> str:
    if sort == "table_row":
        return " | ".join(rich(piece) for piece in a_list(inner.get("cells")))
    if sort in ("child_page", "child_database"):
        return a_text(inner.get("title"))
    if sort == "equation":
        return a_text(inner.get("expression"))
    caption = rich(inner.get("caption"))
    if sort in FILES:
        return linked(caption or a_text(inner.get("name")) or sort, file_url(inner))
    if "url" in inner:
        return linked(caption, a_text(inner.get("url")))
    words = rich(text)
    return f"{words}\n{caption}" if caption else words


def marked(sort: str, inner: Json, words: str) -> str:
    if sort == "to_do":
        return f"[{'x' if inner.get('checked') is True else ' '}] {words}"
    if sort == "divider":
        return "---"
    if not words:
        return ""
    if sort.startswith("heading_"):
        return f"\n{words}"
    return MARKS.get(sort, "") + words
