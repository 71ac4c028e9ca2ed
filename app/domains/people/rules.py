"""When two people may be one, and which name and address stand for a person. Pure.

Evidence is weighed in points and told in sentences; nobody is joined by it, it is only proposed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.records import Person

Strength = Literal["weak", "likely", "strong"]

COMMON = 3
"""So many people of one name: the name alone says nothing any more."""
_SAME_MAILBOX, _SAME_NAME, _HINT, _TOGETHER = 3, 2, 1, -2
_SHORTEST_LOCAL = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\bvia\b.*", re.IGNORECASE)
_VIA = re.compile(r"\w\W*\svia\s+\S")
"""«Ana Ruiz via Design team»: how lists, and services that send for others, sign."""
_FOR_PROGRAMS = re.compile(r"-(?:bounces|request|owner|help)(?:\+.*)?\Z")
"""What follows a list's name in the addresses of its software."""
_HOSTS_OF_LISTS = ("googlegroups.com", "groups.io", "yahoogroups.com")
_UNFOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})
"""Letters that Unicode does not take apart into a letter and its mark."""
_TITLES = frozenset({"dr", "herr", "frau", "jr", "mr", "mrs", "ms", "prof", "sr"})
_GMAIL = ("gmail.com", "googlemail.com")
_ROLES = frozenset(
    re.findall(
        r"[\w-]+",
        """
    abuse accounting accounts admin administrator alerts all billing bounce bounces careers contact daemon dev devnull
    do-not-reply donotreply everyone feedback finance hello help helpdesk hostmaster hr info invoice invoices it jobs
    legal list listserv mail mailer mailer-daemon mailman marketing news newsletter no-reply nobody noreply
    notification notifications office operations ops orders owner postmaster press privacy root sales security service
    services support sysadmin system team test webmaster
    """,
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person when two are compared. `bearers`: how many people bear the name, this one included."""

    id: int
    name: str
    name_key: str
    addresses: tuple[str, ...]
    bearers: int = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two people may be one, a sentence each, and how much it weighs."""

    sentences: tuple[str, ...]
    strength: Strength


def name_key(name: str) -> str:
    """What two spellings of one full name share: marks, case, order, titles and middle initials left out.

    Empty for what is no full name: a first name, a nick, an address.
    """
    words = [word for word in _words(name) if word not in _TITLES]
    long = [word for word in words if len(word) > 1]
    if len(long) > 1:
        return " ".join(sorted(long))[:300]
    return long[0][:300] if len(words) == 1 and long and _is_full_by_itself(long[0]) else ""


def _words(name: str) -> list[str]:
    if "@" in name:
        return []
    folded = unicodedata.normalize("NFKD", _ASIDE.sub(" ", name)).casefold().translate(_UNFOLDED)
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _WORD.findall(unicodedata.normalize("NFC", plain))


def _is_full_by_itself(word: str) -> bool:
    """Scripts without cases often write family and given name as one word."""
    return len(word) > 2 and not word.isdigit() and word.upper() == word.lower()


def key_of(name: str, address: str) -> str:
    """The key of the name, or of the name that the address is made of: «ana.ruiz@example.org»."""
    return name_key(name) or name_key(_name_within(address))


def _name_within(address: str) -> str:
    local, at, _ = address.partition("@")
    if not at or is_role(address):
        return ""
    words = re.split(r"[._-]+", local.partition("+")[0])
    return " ".join(words) if len(words) > 1 and all(len(w) > 1 and w.isalpha() for w in words) else ""


def better_name(known: str, offered: str) -> str:
    """A full name instead of none or half of one; between two full ones the first stays."""
    if not offered or offered == known or "@" in offered:
        return known
    return offered if not known or (not name_key(known) and name_key(offered)) else known


def is_role(address: str) -> bool:
    """Whether an address belongs to an office and no single person: «info@», «no-reply@»."""
    local, at, _ = address.partition("@")
    bare = local.partition("+")[0]
    words = re.split(r"[._-]+", bare)
    return bool(at) and (bare in _ROLES or any(word in ("noreply", "donotreply") for word in words) or words[0] == "no")


def is_list(person: Person, list_id: str) -> bool:
    """Whether the address is one through which many write: that of the list an item came through, or of another by its
    host, or one that bears somebody's name who wrote «via» it."""
    local, at, host = person.address.partition("@")
    if not at:
        return False
    bare = _FOR_PROGRAMS.sub("", local)
    of_its_list = list_id.lower() in (f"{bare}.{host}", f"{bare}@{host}")
    by_its_host = not {"list", "lists"}.isdisjoint(host.split(".")[:-1]) or host.endswith(_HOSTS_OF_LISTS)
    return of_its_list or by_its_host or _VIA.search(person.name) is not None


def mailbox(address: str) -> str:
    """Where mail to the address arrives: without a tag after «+», at Google also without dots."""
    local, at, domain = address.rpartition("@")
    if not at:
        return address
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') or local}@{_GMAIL[0]}" if domain in _GMAIL else f"{local}@{domain}"


def other_spellings(address: str) -> frozenset[str]:
    """Addresses of the same mailbox that are worth looking for."""
    local, at, domain = address.rpartition("@")
    if not at or is_role(address):
        return frozenset()
    bare = local.partition("+")[0] or local
    locals_ = {bare, bare.replace(".", "") or bare} if domain in _GMAIL else {bare}
    domains = _GMAIL if domain in _GMAIL else (domain,)
    return frozenset(f"{one}@{where}" for one in locals_ for where in domains) - {address}


def canonical(addresses: Sequence[str]) -> str:
    """The address that stands for a person: the first that mail reaches, else the first."""
    return next((address for address in addresses if "@" in address), addresses[0])


def evidence(one: Known, other: Known, together: Iterable[str] = ()) -> Evidence | None:
    """Why the two may be one, or None where too little speaks for it. The same whichever is named first.

    `together` are titles of conversations in which both take part, each under an own address: that speaks against it.
    """
    first, second = sorted((one, other), key=lambda person: person.id)
    pairs = [(a, b) for a in first.addresses for b in second.addresses if not is_role(a) and not is_role(b)]
    if not pairs:
        return None
    found = [*_of_mailboxes(pairs), *_of_names(first, second, pairs)]
    if not found:
        return None
    found += [(_TOGETHER, f"Against it: both take part in “{title}”.") for title in [*together][:1]]
    points = sum(weight for weight, _ in found)
    if points < _HINT:
        return None
    strength: Strength = "strong" if points >= _SAME_MAILBOX else "likely" if points >= _SAME_NAME else "weak"
    return Evidence(tuple(sentence for _, sentence in found), strength)


def _of_mailboxes(pairs: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    for a, b in pairs:
        if mailbox(a) == mailbox(b):
            return [(_SAME_MAILBOX, f"Mail to {a} and to {b} arrives in the same mailbox.")]
    return []


def _of_names(first: Known, second: Known, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    """The same full name, and what stands or falls with it."""
    if not first.name_key or first.name_key != second.name_key:
        return []
    bearers = max(first.bearers, second.bearers)
    if bearers >= COMMON:
        found = [(0, f"Both are called “{first.name or second.name}”, as are {bearers} people here.")]
    elif name_key(first.name) and name_key(second.name):
        found = [(_SAME_NAME, _both_called(first.name, second.name))]
    else:
        unnamed, named = (second, first) if name_key(first.name) else (first, second)
        told = f"{_made_of_name(unnamed)} is made of the name “{named.name}”."
        found = [(_HINT, told if named.name else "Both addresses are made of the same name.")]
    locals_ = {(a.partition("@")[0], b.partition("@")[0]) for a, b in pairs if "@" in a and "@" in b}
    same = sorted(a for a, b in locals_ if a == b and len(a) >= _SHORTEST_LOCAL)
    return found + [(_HINT, f"Both have an address that begins with {local}@.") for local in same[:1]]


def _both_called(one: str, other: str) -> str:
    if one == other:
        return f"Both are called “{one}”, and nobody else is."
    return f"“{one}” and “{other}” are the same name, and nobody else bears it."


def _made_of_name(person: Known) -> str:
    return next((a for a in person.addresses if name_key(_name_within(a)) == person.name_key), person.addresses[0])
