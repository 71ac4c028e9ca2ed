"""Addresses in a text that lead to other items: Slack messages and Notion pages."""

import re
from urllib.parse import urlsplit

PERMALINK = re.compile(
    r"https?://[a-z0-9][\w.-]{0,100}\.slack\.com/archives/([A-Z0-9]{2,20})/p(\d{9,11})(\d{6})", re.IGNORECASE
)
NOTION = re.compile(r"https?://(?:[\w-]{1,63}\.){0,3}notion\.(?:so|site|com)/[^\s<>|\"]{1,1000}", re.IGNORECASE)
NOTION_ID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])", re.IGNORECASE
)
MOST = 100


def key(channel: str, ts: str) -> str:
    """The key under which a message, and every link to it, is known."""
    return f"slack:{channel}/{ts}"


def permalink(domain: str, channel: str, ts: str, thread_ts: str = "") -> str:
    """Where the message stands in Slack, "" where the workspace's domain or the channel's id is unknown."""
    if not domain or channel.startswith("#"):
        return ""
    behind = f"?thread_ts={thread_ts}&cid={channel}" if thread_ts else ""
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}{behind}"


def links(text: str) -> tuple[str, ...]:
    """Keys of what `text` points to, each once, in the order of the text."""
    if "://" not in text:
        return ()
    found = [(link.start(), key(link[1].upper(), f"{link[2]}.{link[3]}")) for link in PERMALINK.finditer(text)]
    found += [(link.start(), f"notion:{page}") for link in NOTION.finditer(text) if (page := notion_page(link[0]))]
    return tuple(dict.fromkeys(link for _, link in sorted(found)))[:MOST]


def notion_page(url: str) -> str:
    """The id that ends the path of a Notion address, as 32 hex digits; "" where there is none."""
    try:
        found = NOTION_ID.findall(urlsplit(url).path)
    except ValueError:
        return ""
    return found[-1].replace("-", "").lower() if found else ""
