"""Pages as Notion exports them in HTML: typed properties, the body, and tables that list their rows.

A page is an ``article`` with its id; its properties are rows of ``table.properties`` whose class names the type
(``property-row-status``); a database is a ``table.collection-content`` whose title cells lead to the rows' pages.
"""

import re
import textwrap
from typing import Any

from app.integrations.exports import html_text
from app.integrations.exports.charset import clean
from app.integrations.exports.links import hex_id, ids_in, last_id
from app.integrations.notion.cells import Cell
from app.integrations.notion.read import Listing, Row, Sheet, base_name
from app.records import Attachment, Person

TITLE = re.compile(r'<h1[^>]{0,300}class="page-title"[^>]{0,300}>(.{0,2000}?)</h1>', re.DOTALL)
ARTICLE = re.compile(rb'<article[^>]{0,300}\bid="[0-9a-fA-F-]{32,36}"')
LISTED_TO_DO = re.compile(r"^[ ]{0,4}([ ]*)(?:[*•◦-] )?(\[[x ]\])", re.MULTILINE)
SORTS = {
    "person": "people",
    "file": "files",
    "text": "rich_text",
    "auto_increment_id": "unique_id",
    "multiple_select": "multi_select",
    "created_at": "created_time",
    "updated_at": "last_edited_time",
    "updated_by": "last_edited_by",
    "last_edited_at": "last_edited_time",
}
"""The export's names of types that the API calls otherwise."""


class NotAPage(ValueError):
    """HTML that Notion has not exported as a page."""


def is_page(head: bytes) -> bool:
    return ARTICLE.search(head) is not None


def title_of(source: str) -> str:
    """The title alone."""
    found = TITLE.search(source)
    return " ".join(html_text.stripped(found[1]).split()) if found else ""


def sheet(source: str) -> Sheet:
    """The page in `source`. Raises NotAPage."""
    root = parsed(source)
    articles = root.xpath("//article") if root is not None else []
    if not articles:
        raise NotAPage("It is HTML, but no page as Notion exports them.")
    article = articles[0]
    title = next(iter(of_class(article, "page-title")), None)
    problems: list[str] = []
    listings = tuple(listing(table, said(title)) for table in of_class(article, "collection-content", "table"))
    cells = properties(article)
    leading = [link.get("href") for link in article.iter("a")] + [image.get("src") for image in article.iter("img")]
    targets = tuple(dict.fromkeys(clean(target) for target in leading if target))
    return Sheet(
        title=said(title),
        own=hex_id(article.get("id") or "") or "",
        cells=cells,
        body=body_of(article, problems),
        targets=targets,
        listings=listings,
        problems=tuple(problems),
    )


def parsed(source: str) -> Any:
    # Imported here: it costs time at start, and only this kind of import needs it.
    from lxml import etree  # noqa: PLC0415
    from lxml import html as lxml_html  # noqa: PLC0415

    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        return lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing in it, or damaged beyond reading
        return None


def of_class(element: Any, name: str, tag: str = "*") -> list[Any]:
    return list(element.xpath(f'.//{tag}[contains(concat(" ", normalize-space(@class), " "), " {name} ")]'))


def classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def said(element: Any) -> str:
    """The words of an element, in one line."""
    return "" if element is None else " ".join(clean("".join(element.itertext())).split())


def without_icons(element: Any) -> Any:
    """`element`, its emoji taken away: they are no part of a row's name."""
    for icon in of_class(element, "icon", "span"):
        html_text.drop(icon)
    return element


def properties(article: Any) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for row in of_class(article, "property-row", "tr"):
        head, value = row.find("th"), row.find("td")
        if head is None or value is None:
            continue
        sort = next((name.removeprefix("property-row-") for name in classes(row) if "property-row-" in name), "")
        found.setdefault(said(head), cell(value, SORTS.get(sort, sort)))
    return found


def cell(element: Any, sort: str = "") -> Cell:
    """One value. Where its type isn't told, the markup of the value tells it."""
    users = tuple(Person(said(user).removeprefix("@")) for user in of_class(element, "user"))
    chosen = tuple(said(option) for option in of_class(element, "selected-value"))
    boxes = of_class(element, "checkbox")
    targets = tuple(clean(link.get("href")) for link in element.iter("a") if link.get("href"))
    if boxes and not said(element):
        return Cell(text="Yes" if "checkbox-on" in classes(boxes[0]) else "No", sort=sort or "checkbox")
    if status := of_class(element, "status-value"):
        return Cell(text=said(status[0]), sort=sort or "status")
    if chosen:
        return Cell(text=", ".join(chosen), names=chosen, sort=sort or ("multi_select" if len(chosen) > 1 else ""))
    if users:
        return Cell(text=", ".join(map(str, users)), people=users, sort=sort or "people")
    if sort == "files":
        names = tuple(base_name(target) for target in targets)
        files = tuple(Attachment(name, "application/octet-stream", 0) for name in names if name)
        return Cell(text=", ".join(names), files=files, links=targets, sort=sort)
    times = ", ".join(said(time) for time in element.iter("time"))
    pages = tuple(page for target in targets if (page := page_in(target)))
    if pages and sort in ("relation", ""):
        titles = ", ".join(said(without_icons(link)) for link in element.iter("a"))
        return Cell(text=titles, pages=pages, links=targets, sort=sort)
    if times and times == said(element):
        return Cell(text=times.replace("@", ""), sort=sort or "date")
    return Cell(text=said(element), links=targets, sort=sort)


def page_in(target: str) -> str | None:
    found = ids_in(target)
    return found[-1] if found and base_name(target).lower().endswith((".html", ".htm")) else None


def listing(table: Any, page_title: str) -> Listing:
    """A table of rows, under the heading that stands before it or else under its page's title."""
    above = table.xpath('preceding-sibling::*[contains(@class, "collection-title")][1]')
    heads = table.xpath("(.//thead//tr)[1]/th")
    names: list[str] = []
    sorts: dict[str, str] = {}
    for place, head in enumerate(heads, start=1):
        name = said(head) or f"Column {place}"
        name = name if name not in names else f"{name} ({place})"
        names.append(name)
        if sort := head_sort(head):
            sorts[name] = sort
    rows = tuple(row_of(row, names, place) for place, row in enumerate(table.xpath("./tbody/tr"), start=1))
    for row in rows:
        for name, value in row.cells.items():
            if value.sort:
                sorts.setdefault(name, value.sort)
    if names and "title" not in sorts.values():
        sorts[names[0]] = "title"
    return Listing(
        name=said(above[0]) if above else page_title,
        own=hex_id(table.get("id") or "") or "",
        names=tuple(names),
        sorts=sorts,
        rows=rows,
    )


def head_sort(head: Any) -> str:
    """The type that the icon of a column's head names: «typesMultipleSelect»."""
    for icon in head.xpath(".//*[starts-with(@class, 'types')]"):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", classes(icon)[0].removeprefix("types")).lower()
        return SORTS.get(name, name)
    return ""


def row_of(row: Any, names: list[str], place: int) -> Row:
    values = row.xpath("./td")
    cells = {name: cell(value) for name, value in zip(names, values, strict=False)}
    title = next((value for value in values if "cell-title" in classes(value)), values[0] if values else None)
    link = next((link.get("href") for link in title.iter("a") if link.get("href")), "") if title is not None else ""
    own = hex_id(row.get("id") or "") or last_id(base_name(link)) or ""
    named = said(without_icons(title)) if title is not None else ""
    return Row(cells=cells, title=named, own=own, place=f"row {place}")


def body_of(article: Any, problems: list[str]) -> str:
    """The page's body as text, without the tables of rows in it: those are rows by themselves."""
    from lxml import html as lxml_html  # noqa: PLC0415

    found = of_class(article, "page-body")
    if not found:
        return ""
    body = found[0]
    for table in of_class(body, "collection-content"):
        html_text.drop(table)
    for box in of_class(body, "checkbox"):
        box.text = "[x]" if "checkbox-on" in classes(box) else "[ ]"
        box.tag = "span"
    for style in list(body.iter("style", "script")):
        html_text.drop(style)
    source = lxml_html.tostring(body, encoding="unicode")
    text = html_text.to_text(f"<html><body>{source}</body></html>", problems)
    return LISTED_TO_DO.sub(r"\1\2", textwrap.dedent(text))
