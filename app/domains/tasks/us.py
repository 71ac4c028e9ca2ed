"""Who "we" are: the setting that decides whose turn it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Us:
    """Addresses in lower case; a domain is written «@example.com». Nothing set: nobody is known to be us."""

    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.addresses)

    def has(self, assignee: str, address: str = "") -> bool | None:
        """Whether whoever has a task is one of us, by address or by name; None where nobody said who we are."""
        if not (self.addresses or self.names):
            return None
        named = {name.casefold() for name in self.names}
        return self.includes(address.lower() or assignee.lower()) or assignee.casefold() in named

    def includes(self, address: str) -> bool:
        """Whether the address, or its whole domain, is ours."""
        return matches(address, self.addresses)


def matches(address: str, patterns: tuple[str, ...]) -> bool:
    """Whether `address` is one of `patterns`, each an address or «@domain» (subdomains not included)."""
    _, at, domain = address.rpartition("@")
    return bool(address) and (address in patterns or (bool(at) and f"@{domain}" in patterns))
