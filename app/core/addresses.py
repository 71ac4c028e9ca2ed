"""Addresses of the internet, however they are spelled: which are public, and whose they are. Pure: nothing is looked
up here.

https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry; how browsers take numbers
for addresses: https://url.spec.whatwg.org/#host-parsing
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import idna

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NEVER = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4, which are gone
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "100::/64",
        "2001::/23",  # Teredo among it: it holds an address that its sender chose
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
    )
]
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE
"""Before the IPv4 address, in whatever network; two bits beside it say of whom the address is (RFC 5214)."""
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}\.?")
_LONGEST = 2_000
_WELL_KNOWN_PORTS = (80, 443)
_SUBSCRIBER_BITS = 64
"""What one subscriber has of IPv6 at least."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that people entered, taken apart."""

    scheme: str
    host: str
    """A name in ASCII, or an address without brackets; lower case."""
    port: int
    path: str
    """With its query."""


def parsed(url: str) -> Target:
    """Raises ValueError, with a sentence for people."""
    if len(url) > _LONGEST:
        raise ValueError(f"An address has at most {_LONGEST} characters.")
    if any(each <= " " or each == "\\" or unicodedata.category(each) in ("Cc", "Cf", "Zs") for each in url):
        raise ValueError("An address holds no spaces, backslashes or invisible characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("This is no address of the web.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("An address begins with https:// or http://, and names a server.")
    if "[" in parts.netloc and ":" not in parts.hostname:
        raise ValueError("This is no address of the internet.")
    if "@" in parts.netloc:
        raise ValueError("An address holds no user name or password: send them in a header.")
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    if port not in _WELL_KNOWN_PORTS and port < 1024:
        raise ValueError("An address uses port 80, 443, or one from 1024 on.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, _host(parts.hostname), port, path)


def _host(given: str) -> str:
    if ":" in given or "%" in given:
        try:
            if "%" in given:  # a zone: it names a cable of this machine
                raise ValueError
            return str(IPv6Address(given))
        except ValueError:
            raise ValueError("This is no address of the internet.") from None
    try:
        name = given.lower() if given.isascii() else idna.encode(given, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("This is no name that a server can have.") from None
    if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]):
        try:
            return str(IPv4Address(name))
        except ValueError:
            raise ValueError("Write an address with four numbers, as 192.0.2.1.") from None
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise ValueError("This is no name that a server can have.")
    return name


def plain(given: str) -> Address:
    """An address as it is meant: what a socket of both families gives as «::ffff:10.0.0.7» is 10.0.0.7. Raises
    ValueError for what is none, as a socket file's."""
    found = ip_address(given)
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def subscriber(given: str) -> str:
    """Whose address it is, to count them by: of IPv6 a whole network, for to count single addresses would bound
    nobody. What is no address is «elsewhere»: one for all of them."""
    try:
        found = plain(given)
    except ValueError:
        return "elsewhere"
    return str(ip_network((int(found), _SUBSCRIBER_BITS), strict=False) if found.version == 6 else found)


def networks(given: Iterable[str]) -> list[Network]:
    """Raises ValueError for what is none."""
    return [ip_network(each, strict=False) for each in given]


def may_be_called(given: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether it is public, or lies in a network that is allowed. What it wraps is judged, not the wrapping."""
    try:
        address = _unwrapped(ip_address(given))
    except ValueError:
        return False
    return any(address in each for each in allowed) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could mean it: no network of one's own, no group, nothing reserved."""
    if any(address in each for each in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_link_local)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to: mapped, by 6to4, NAT64 or ISATAP."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if int(address) >> 32 & 0xFCFF_FFFF == _ISATAP:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
