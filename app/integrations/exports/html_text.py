"""HTML mail as text a person can read.

Hidden text (preheaders, tracking padding) is dropped, links stay where their address says more than their words,
and quoted messages get ``>`` marks so that quoting.py can tell them apart. HTML that is too large or too deep is
stripped of its tags by a plain scan instead.
"""

import html
import re
from typing import Any

from app.integrations.exports.charset import clean

MOST_HTML = 600_000
MOST_ELEMENTS = 15_000
MOST_DEPTH = 120
MOST_LINK = 160

# Private characters that stand for the borders of a quoted block while the text is laid out.
OPEN, CLOSE = "\ue000", "\ue001"

HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\Z)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|\Z)|(?<![-\w])opacity\s*:\s*0\s*(?:;|!|\Z)",
    re.IGNORECASE,
)
DROPPED = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "object",
    "embed",
    "iframe",
    "svg",
    "select",
}
PADDING = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\u034f\u061c\u115f\u180e\ufeff]")
BREAKS = {
    "br",
    "p",
    "div",
    "tr",
    "li",
    "table",
    "blockquote",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "ul",
    "ol",
}


def to_text(source: str, problems: list[str]) -> str:
    """`source` as text; adds a sentence to `problems` where it had to be read crudely."""
    if len(source) <= MOST_HTML:
        try:
            return tidy(laid_out(source))
        except Exception:  # noqa: BLE001 - third-party layout of hostile HTML may raise anything; the scan never does
            problems.append("The HTML is too odd to lay out; its tags were only taken away.")
    else:
        problems.append("The HTML is very large; its tags were only taken away.")
    return tidy(stripped(source))


class TooDeep(Exception):
    """The HTML has more or deeper elements than layout can carry in good time."""


def laid_out(source: str) -> str:
    # Imported here: lxml and inscriptis cost 0.1 s at start, and only an import of mail needs them.
    from inscriptis.html_engine import Inscriptis  # noqa: PLC0415
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415
    from lxml import html as lxml_html  # noqa: PLC0415

    if not source.strip():
        return ""
    source = re.sub(r"[\ue000\ue001]", "", source)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8"), parser=parser)
    except etree.ParserError:  # nothing but comments
        return ""
    measure(tree)
    prepare(tree)
    return marked_quotes(str(Inscriptis(tree, ParserConfig()).get_text()))


def measure(tree: Any) -> None:
    """Raises TooDeep. Walks without recursion."""
    elements, depth = 0, 0
    level = [tree]
    while level:
        elements += len(level)
        depth += 1
        if elements > MOST_ELEMENTS or depth > MOST_DEPTH:
            raise TooDeep
        level = [child for element in level for child in element]


def prepare(tree: Any) -> None:
    """Takes away what nobody sees, and writes links and quotations into the text."""
    for element in list(tree.iter()):
        if element.getparent() is None:
            continue
        if element.tag in DROPPED or is_hidden(element):
            drop(element)
        elif element.tag == "a":
            write_link(element)
        elif element.tag == "blockquote" and is_quotation(element):
            write_quotation(element)


def is_hidden(element: Any) -> bool:
    if element.tag in ("body", "html"):
        return False
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and HIDDEN.search(style))


def drop(element: Any) -> None:
    parent, tail = element.getparent(), element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)


def write_link(element: Any) -> None:
    target = (element.get("href") or "").strip()
    words = "".join(element.itertext()).strip()
    if not words or not re.match(r"(?:https?|mailto|ftp):", target, re.IGNORECASE):
        return
    bare = target.removeprefix("mailto:")
    if bare.rstrip("/").lower().endswith(words.rstrip("/").lower()) or words.lower().startswith(
        ("http:", "https:", "www.")
    ):
        return
    shown = bare if len(bare) <= MOST_LINK else bare[:MOST_LINK] + "…"
    element.tail = f" <{shown}>" + (element.tail or "")


def is_quotation(element: Any) -> bool:
    """Indentation is a blockquote too; a quotation says so, or carries the line mail programs draw beside one."""
    style = (element.get("style") or "").lower()
    named = (element.get("class") or "").lower()
    return element.get("type") == "cite" or element.get("cite") is not None or "quot" in named or "border-left" in style


def write_quotation(element: Any) -> None:
    element.text = OPEN + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + CLOSE
    else:
        element.text += CLOSE


def marked_quotes(text: str) -> str:
    if OPEN not in text:
        return text
    out, depth = [], 0
    for line in text.split("\n"):
        opened = line.count(OPEN)
        bare = line.replace(OPEN, "").replace(CLOSE, "")
        before, depth = depth, max(0, depth + opened - line.count(CLOSE))
        marks = min(max(before, before + opened), 9)
        out.append(">" * marks + " " + bare.strip() if marks and bare.strip() else bare)
    return "\n".join(out)


def stripped(source: str) -> str:
    """The text between the tags: one pass, linear however hostile the input."""
    out: list[str] = []
    position = 0
    while (opening := source.find("<", position)) >= 0:
        out.append(source[position:opening])
        closing = source.find("-->" if source.startswith("<!--", opening) else ">", opening)
        if closing < 0:
            break
        tag = re.match(r"</?([a-zA-Z0-9]{1,12})", source[opening : opening + 16])
        name = tag[1].lower() if tag else ""
        out.append("\n" if name in BREAKS else "")
        position = source.find(">", closing) + 1
        if name in ("script", "style", "title") and source[opening + 1] != "/":
            position = source.find(f"</{tag[1] if tag else ''}", position)
            if position < 0:
                break
    else:
        out.append(source[position:])
    return clean(html.unescape("".join(out)))


def tidy(text: str) -> str:
    """No padding characters, no layout gaps, at most one empty line in a row."""
    text = PADDING.sub("", text.replace("\xa0", " ")).replace(OPEN, "").replace(CLOSE, "")
    lines = (re.sub(r"(?<=\S)[ \t]{3,}", "  ", line.rstrip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
