"""What judges tasks: the ruleset, who we are, and whose mail weighs more. Handed on as one frozen value."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domains.ranking import Ruleset
from app.domains.tasks.us import Us

_DERIVATION = 7
"""Raise it when facts are derived differently: every task is then derived again, a few at a time."""


@dataclass(frozen=True)
class Policy:
    """Two equal policies judge alike. `fingerprint` says of whose facts, in 16 hex digits; the ruleset's stamp says of
    whose points."""

    ruleset: Ruleset
    us: Us
    important_senders: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Further addresses of people who have several, each to the one that stands for its person."""

    @cached_property
    def fingerprint(self) -> str:
        parts = (
            str(_DERIVATION),
            ",".join(sorted(self.us.addresses)),
            ",".join(sorted(self.us.names)),
            ",".join(sorted(self.important_senders)),
            ",".join(sorted(f"{address} is {one}" for address, one in self.aliases.items())),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
