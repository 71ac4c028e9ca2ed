"""Slack's blocks as text: what people type in the composer (rich_text), and what apps lay out.

Formats: https://docs.slack.dev/reference/block-kit/blocks/ and …/rich-text-block/. Kinds that are unknown say what the
text within them says, so that a new kind of block loses nothing readable.
"""

from collections.abc import Iterator

from app.integrations.slack.directory import Directory
from app.integrations.slack.mrkdwn import SKIN, Written, command, inline, link, unescaped, written
from app.integrations.slack.values import Object, first_text, inner, objects, text, whole

DEEPEST = 12
SILENT = {"divider", "file", "input", "button", "context_actions", "call"}
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def read_blocks(value: object, names: Directory) -> Written:
    """What the blocks of one message say. Quotes stand apart where something else is said too."""
    own: list[str] = []
    quoted: list[str] = []
    for block in objects(value):
        if block.get("type") == "rich_text":
            for element in objects(block.get("elements")):
                into = quoted if element.get("type") == "rich_text_quote" else own
                into.append(rich_part(element, names))
            continue
        said = app_block(block, names)
        own.append(said.text)
        quoted.append(said.quoted)
    mine, theirs = joined(own), joined(quoted)
    return Written(mine, theirs) if mine else Written(theirs)


def joined(parts: list[str]) -> str:
    return "\n".join(part.strip("\n") for part in parts if part.strip())


def rich_part(part: Object, names: Directory, depth: int = 0) -> str:
    """One section, list, quote or piece of code of a rich_text block."""
    if depth > DEEPEST:
        return ""
    if part.get("type") != "rich_text_list":
        return "".join(rich_element(element, names, depth) for element in objects(part.get("elements")))
    indent = "  " * min(whole(part.get("indent")) or 0, DEEPEST)
    first = whole(part.get("offset")) or 0
    ordered = part.get("style") == "ordered"
    return "\n".join(
        f"{indent}{number(first + at, indent) if ordered else '•'} {rich_part(item, names, depth + 1)}"
        for at, item in enumerate(objects(part.get("elements")))
    )


def number(at: int, indent: str) -> str:
    """Slack counts 1, 2 outside and a, b one step within."""
    lettered = len(indent) // 2 % 3 == 1 and at < len(ALPHABET)
    return f"{ALPHABET[at]}." if lettered else f"{at + 1}."


def rich_element(element: Object, names: Directory, depth: int) -> str:
    sort = text(element.get("type"))
    if sort == "text":
        return text(element.get("text"))
    if sort == "link":
        return link(unescaped(text(element.get("url"))), text(element.get("text")).strip())
    if sort == "user":
        return f"@{names.name(text(element.get('user_id')))}"
    if sort == "channel":
        return f"#{names.channel_name(text(element.get('channel_id')))}"
    if sort == "usergroup":
        return command(f"subteam^{text(element.get('usergroup_id'))}", "", names)
    if sort == "broadcast":
        return f"@{text(element.get('range'))}"
    if sort == "emoji":
        return SKIN.sub("", f":{text(element.get('name'))}:")
    if sort == "date":
        return text(element.get("fallback")) or command(f"date^{whole(element.get('timestamp')) or ''}", "", names)
    if sort == "color":
        return text(element.get("value"))
    if sort == "team":
        return text(element.get("team_id"))
    return text(element.get("text")) or first_text(element, "fallback") or rich_part(element, names, depth + 1)


def app_block(block: Object, names: Directory) -> Written:
    """One block of an app: section, header, context, actions, image, video, table and whatever comes next."""
    sort = text(block.get("type"))
    if sort in SILENT:
        return Written()
    if sort == "section" and (body := inner(block, "text")):
        said = written(text(body.get("text")), names) if body.get("type") == "mrkdwn" else Written(words(body, names))
        return Written(
            joined([said.text, *(words(field, names) for field in objects(block.get("fields")))]), said.quoted
        )
    if sort == "markdown":
        return written(text(block.get("text")), names)
    if sort == "actions":
        labels = [words(inner(element, "text"), names) for element in objects(block.get("elements"))]
        return Written(" ".join(f"[{label}]" for label in labels if label))
    if sort == "table":
        return Written("\n".join(" | ".join(cells(row, names)) for row in rows_of(block)))
    return Written(joined(list(pieces(block, names, 0))))


def rows_of(block: Object) -> list[list[Object]]:
    rows = block.get("rows")
    return [objects(row) for row in rows] if isinstance(rows, list) else []


def cells(row: list[Object], names: Directory) -> Iterator[str]:
    for cell in row:
        yield read_blocks([cell], names).text if cell.get("type") == "rich_text" else words(cell, names)


def pieces(block: Object, names: Directory, depth: int) -> Iterator[str]:
    """Every text object below a block, and the names of its pictures."""
    if depth > DEEPEST:
        return
    if isinstance(block.get("text"), str):
        yield words(block, names)
    elif alternative := first_text(block, "alt_text"):
        yield alternative
    for name in ("title", "text", "description", "fields", "elements"):
        value = block.get(name)
        for each in [value] if isinstance(value, dict) else objects(value):
            yield from pieces(each, names, depth + 1)


def words(body: Object, names: Directory) -> str:
    """A text object: mrkdwn, or plain text that is taken as it stands."""
    said = text(body.get("text"))
    return inline(said, names) if body.get("type") == "mrkdwn" else SKIN.sub("", said).strip()


def people_in(value: object, depth: int = 0) -> Iterator[str]:
    """Ids of those whom rich text speaks to."""
    if depth > DEEPEST:
        return
    for each in objects(value):
        if each.get("type") == "user" and (user := text(each.get("user_id"))):
            yield user
        yield from people_in(each.get("elements"), depth + 1)
