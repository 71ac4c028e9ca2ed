"""The links that a text holds to items of other kinds, and the ids that Notion's addresses and file names carry.

An id is 32 hexadecimal digits, with or without the dashes of a UUID. An address may carry several: the last one of
its path names the page, ``?v=`` names a view of it, ``#`` a block within it, and ``?p=`` the page that is open beside
a table. Addresses without the id of a page give None.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, unquote, urlsplit

from app.integrations.contract import Linked

HOST = re.compile(r"(?:[\w-]+\.)*notion\.(?:so|site|com)\Z", re.IGNORECASE)
ID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f])",
    re.IGNORECASE,
)
WHOLE = re.compile(rf"(?:{ID.pattern})\Z", re.IGNORECASE)
TRAILING = ".,;:!?)]}>\"'»”…*_"
MOST_LINKS = 200

NOTION_LINK = re.compile(
    r"(?:notion://|https?://)(?:[\w-]+\.){0,5}notion\.(?:so|site|com)/[^\s<>\"«»“”|]{1,2000}", re.IGNORECASE
)
SLACK_LINK = re.compile(
    r"https?://[\w.-]{1,200}\.slack\.com/archives/(?P<channel>[A-Z0-9]{2,20})/p(?P<seconds>\d{10})(?P<micros>\d{6})",
    re.IGNORECASE,
)


_declared: list[Linked] = []
"""What kinds declare beside Notion's and Slack's addresses; app.integrations.registry says it once, at import."""


def declare(linked: Iterable[Linked]) -> None:
    """From now on `links_in` finds these too."""
    _declared.extend(each for each in linked if each not in _declared)


def hex_id(text: str) -> str | None:
    """`text` as 32 lower-case hex digits where it is an id and nothing else."""
    text = text.strip()
    return text.replace("-", "").lower() if WHOLE.match(text) else None


def page_key(page: str) -> str:
    """The key under which an item, and every link to it, is known."""
    return f"notion:{page}"


def page_url(page: str) -> str:
    return f"https://www.notion.so/{page}"


def notion_id(url: str) -> str | None:
    """The page or database that `url` leads to, as 32 lower-case hex digits; a bare id is one too."""
    url = url.strip().lstrip("<(").rstrip(TRAILING)
    if found := hex_id(url):
        return found
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https", "notion") or not HOST.match(host):
        return None
    asked = parse_qs(parts.query)
    peeked = hex_id(asked.get("p", [""])[0])
    # Beside a view or with the mode of the peek, `p` is the row a person looks at and the path only its table.
    if peeked and ("v" in asked or "pm" in asked):
        return peeked
    return last_id(unquote(parts.path)) or peeked


def last_id(text: str) -> str | None:
    """The last id in a path or a file's name."""
    found = ID.findall(text)
    return found[-1].replace("-", "").lower() if found else None


def links_in(text: str) -> tuple[str, ...]:
    """Keys of the items of any kind that `text` points to, each once and in their order."""
    if "://" not in text:
        return ()
    found = [(link.start(), page_key(page)) for link in NOTION_LINK.finditer(text) if (page := notion_id(link[0]))]
    found += [
        (link.start(), f"slack:{link['channel'].upper()}/{link['seconds']}.{link['micros']}")
        for link in SLACK_LINK.finditer(text)
    ]
    for each in _declared:
        found += [(link.start(), key) for link in each.form.finditer(text) if (key := each.key(link))]
    return tuple(dict.fromkeys(key for _, key in sorted(found)))[:MOST_LINKS]


def ids_in(text: str) -> tuple[str, ...]:
    """The pages that addresses and file names in `text` name, one for each, as relations are written in exports."""
    found = (last_id(unquote(word)) for word in re.split(r"[\s<>()\[\],|]+", text) if len(word) >= 32)
    return tuple(dict.fromkeys(page for page in found if page))
