"""HTML from outside, made safe to show: what is left can say something, and do nothing.

ammonia (nh3) parses it as a browser does and writes down only what is listed here. Nothing is fetched when it is shown:
a picture would tell its sender who reads, when and where, so its description stands in its place. The page's policy
forbids scripts anyway; this is not the only fence.
"""

import re

LARGEST = 1_000_000
"""Characters; what comes behind is left out. The longest newsletters have some 200,000."""
MOST_TAGS = 8_000
"""Elements; the same. Parsing takes time with the square of their depth: 0.4 s for as many within each other."""

TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
    ),
    *("h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span"),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto"}
_GONE_WITH_ALL_IN_IT = {
    *("audio", "button", "canvas", "embed", "form", "frameset", "head", "iframe", "math", "noembed", "noframes"),
    *("noscript", "object", "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video"),
    "xmp",
}
_REL = "noopener noreferrer nofollow"
_NUMBER = re.compile(r"[1-9]\d{0,2}")
_NUMBERS = {"colspan", "rowspan", "start"}
_TAG = re.compile(r"<[a-zA-Z]")
_IMAGE = re.compile(r'<img(?: alt="([^"]*)")?>')
"""As ammonia writes one with no other attribute: quotes and brackets in it are escaped."""


def safe(html: str) -> str:
    """The same text with its structure and links, without anything that runs, is fetched, or styles the page."""
    import nh3  # noqa: PLC0415 - only where HTML is shown

    cleaned = nh3.clean(
        _cut(html.replace("\0", "")),
        tags=TAGS | {"img"},
        clean_content_tags=_GONE_WITH_ALL_IN_IT,
        attributes=ATTRIBUTES | {"img": {"alt"}},
        attribute_filter=_kept,
        url_schemes=SCHEMES,
        url_relative="deny",  # it would lead to this server
        link_rel=_REL,
    )
    return _IMAGE.sub(_described, cleaned)


def _cut(html: str) -> str:
    html = html[:LARGEST]
    for count, tag in enumerate(_TAG.finditer(html)):
        if count == MOST_TAGS:
            return html[: tag.start()]
    return html


def _kept(_tag: str, name: str, value: str) -> str | None:
    return value if name not in _NUMBERS or _NUMBER.fullmatch(value) else None


def _described(image: re.Match[str]) -> str:
    """What is said of a picture; nothing where it is said to be an ornament."""
    said = image.group(1)
    if said is not None:
        said = said.replace("&quot;", '"')  # as it is written in text
    return "[picture]" if said is None else f"[{said}]" if said.strip() else ""
