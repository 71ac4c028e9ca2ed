"""Networks that a key is taken from, as «10.0.0.0/8», and whether an address lies in one. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from app.core.addresses import Network, plain


def network(text: str) -> str:
    """A network as it is stored: «10.0.0.7» is «10.0.0.7/32». Raises ValueError, also where bits behind the mask are
    set: it is not known whether the network or the one address was meant."""
    return str(ip_network(text.strip()))


@lru_cache(maxsize=1_000)
def _read(text: str) -> Network:
    return ip_network(text)


def admits(networks: Sequence[str], address: str) -> bool:
    """Whether a request from there may use what is bound to these networks; none means all of them.

    What is no address, as a Unix socket's peer, lies in no network.
    """
    if not networks:
        return True
    try:
        found = plain(address)
    except ValueError:
        return False
    return any(found in each for each in _all(networks))


def _all(networks: Iterable[str]) -> Iterable[Network]:
    for text in networks:
        each = _read(text)
        yield each
        # ::ffff:10.0.0.0/104 is how the mapped form of 10.0.0.0/8 is written.
        if isinstance(each, IPv6Network) and each.prefixlen >= 96 and each.network_address.ipv4_mapped is not None:
            yield IPv4Network((each.network_address.ipv4_mapped, each.prefixlen - 96))


def within(networks: Sequence[str], bounds: Sequence[str]) -> bool:
    """Whether all who are admitted by these networks are admitted by `bounds`, too."""
    if not bounds:
        return True
    return bool(networks) and all(any(_lies(each, bound) for bound in _all(bounds)) for each in _all(networks))


def _lies(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)
