"""Which conversation a message belongs to: its ids, its ancestors' ids, and its subject without reply marks.

Real In-Reply-To headers hold prose with addresses in it; an address taken for an id would join strangers.
Sources: RFC 5322 section 3.6.4; RFC 5256 section 2.1 (base subject).
"""

import hashlib
import re

from app.integrations.mail.headers import Headers

MOST_KEYS = 30
MOST_ID = 250

ID = re.compile(r"<\s*([^<>\s]{3,250})\s*>")
BARE_ID = re.compile(r"[^\s<>@\"()]{1,150}@[^\s<>@\"()]{1,150}\Z")
MARK = re.compile(
    r"\s*(?:(?:re|fwd?|fw|aw|wg|sv|vs|vb|antw|antwort|res|r|tr|rv|rif|enc|odp|pd|ynt|ha|回复|回覆|答复|转发|返信|転送|отв)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?\s*[::])+\s*",
    re.IGNORECASE,
)
TAG = re.compile(r"\s*\[[^\[\]]{1,60}\][\s:]*")
TRAILING = re.compile(r"\s*\((?:fwd?|was\b[^()]*)\)\s*\Z", re.IGNORECASE)
GENERIC = {
    "no subject",
    "(no subject)",
    "none",
    "hello",
    "question",
    "help",
    "test",
    "update",
    "urgent",
    "thanks",
}
GENERIC |= {
    "info",
    "hallo",
    "anfrage",
    "frage",
    "bonjour",
    "hola",
    "request",
    "meeting",
    "invoice",
    "untitled",
}
GENERIC |= {"thank you", "hi there", "reminder", "news", "status", "report", "message"}

STATUS = re.compile(
    rb"^(?:Status|X-Status|X-Keywords|X-Gmail-Labels|X-GM-[\w-]+|X-Mozilla-[\w-]+|X-UID\w*|X-IMAP\w*|X-Evolution[\w-]*)"
    rb"[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?",
    re.IGNORECASE | re.MULTILINE,
)


def own_id(headers: Headers, addresses: frozenset[str]) -> str:
    """Message-ID without its brackets; "" where there is none, or only somebody's address."""
    for value in (*headers.all("message-id"), *headers.all("x-message-id")):
        found = ID.search(value)
        text = found[1] if found else value.strip("<> \t")
        if 3 <= len(text) <= MOST_ID and " " not in text and text.lower() not in addresses:
            return text
    return ""


def digest_id(data: bytes, body_start: int) -> str:
    """An id made of the content: the same bytes get the same one, whatever a mail program noted in the headers."""
    head = STATUS.sub(b"", data[:body_start].replace(b"\r\n", b"\n").strip(b"\n") + b"\n")
    digest = hashlib.sha256(head.strip())
    digest.update(data[body_start:].replace(b"\r\n", b"\n").strip())
    return f"sha256:{digest.hexdigest()[:32]}"


def parents(in_reply_to: str) -> list[str]:
    """The ids In-Reply-To names."""
    found = [match[1] for match in ID.finditer(in_reply_to[:5000])]
    around = ID.sub(" ", in_reply_to[:5000]).strip(" ,;")
    if not found and BARE_ID.match(in_reply_to):
        return [in_reply_to]
    return [name for name in found if not around or looks_made(name)]


def looks_made(name: str) -> bool:
    """Whether a program made this id; between words of prose stand people's addresses too."""
    local = name.partition("@")[0]
    return sum(map(str.isdigit, name)) >= 6 or len(local) >= 24


def ancestors(references: list[str]) -> list[str]:
    """The ids of References, nearest first."""
    return [match[1] for match in ID.finditer(" ".join(references)[-20_000:])][::-1]


def could_be_id(name: str, addresses: frozenset[str]) -> bool:
    return ("@" in name or len(name) >= 12) and name.lower() not in addresses


def conversation_keys(external_id: str, headers: Headers, addresses: frozenset[str]) -> tuple[str, ...]:
    """Own id, then the parent's, then the older ancestors', then Gmail's thread; each once.

    `addresses` are those of the people involved: none of them is an id, wherever it stands.
    """
    ids = [external_id]
    for value in headers.all("in-reply-to"):
        ids += parents(value)
    ids += ancestors(headers.all("references"))
    ids = list(dict.fromkeys(name for name in ids if name == external_id or could_be_id(name, addresses)))
    gmail = headers.get("x-gm-thrid") or headers.get("x-gm-third")
    if re.fullmatch(r"\d{6,25}", gmail):
        return (*ids[: MOST_KEYS - 1], f"gm:{gmail}")
    return tuple(ids[:MOST_KEYS])


def without(mark: re.Pattern[str], subject: str) -> str:
    found = mark.match(subject)
    return subject[found.end() :] if found else subject


def is_reply(subject: str) -> bool:
    """Whether the subject carries a reply or forward mark, perhaps behind a list's tag."""
    return MARK.match(subject) is not None or MARK.match(without(TAG, subject)) is not None


def bare_subject(subject: str, *, is_list: bool) -> str:
    """The subject without marks, and without tags where a discussion list put them; never only these left out."""
    while True:
        shorter = without(MARK, subject)
        if is_list and shorter == subject:
            shorter = without(TAG, subject)
        if shorter == subject or not shorter.strip():
            return " ".join(subject.split())
        subject = shorter


def subject_key(subject: str) -> str:
    """The subject without marks and tags, folded; "" where it is too short or too common to join anything."""
    subject = subject[:1000]
    for _ in range(10):
        shorter = TRAILING.sub("", without(MARK, without(TAG, subject)))
        if shorter == subject:
            break
        subject = shorter
    key = " ".join(subject.split()).casefold()
    return "" if len(key) < 4 or key.strip(" .!?:-") in GENERIC else key
