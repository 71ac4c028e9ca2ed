"""What can go wrong on demand: faults as plain data, and the rules that say when they strike.

    fake.faults.add(status(429, retry_after=2), on="GMAIL_FETCH_EMAILS", times=1)
    fake.faults.mix(chance=0.3, seed=7)

`on` is a pattern (fnmatch) for a tool's slug or, where no tool is executed, for the request's path; "*" is everything.
Of the faults that stand in place of an answer the first that strikes is taken; those that alter pages add up.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

Kind = Literal[
    "status",
    "tool_failed",
    "html_200",
    "empty_200",
    "truncated_json",
    "slow_headers",
    "slow_body",
    "drop",
    "refuse",
    "empty_page_with_token",
    "duplicate_page",
    "reordered_page",
    "nested",
    "renamed_key",
    "change_between_pages",
]
PAGE_KINDS = frozenset(get_args(Kind)[get_args(Kind).index("empty_page_with_token") :])
"""They alter what a tool answered. All others replace the answer, or spoil how it is delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong. Fields count only for the kinds that name them."""

    kind: Kind
    status: int | None = None
    """Of status; of tool_failed: the service's own, inside the 200."""
    message: str = ""
    """Of status and tool_failed; empty: what is usual."""
    retry_after: int | None = None
    """Of status: seconds."""
    as_date: bool = False
    """Of status: Retry-After as an HTTP date."""
    seconds: float = 0.0
    """Of slow_headers, slow_body, refuse."""
    where: Literal["before", "after", "in the body"] = "before"
    """Of drop: before the tool ran, after it, or after half the answer was sent."""
    key: str = ""
    """Of nested: the wrapper; of renamed_key: the key's name."""
    to: str = ""
    """Of renamed_key: its new name."""
    change: Callable[[], Any] | Mapping[str, Any] | None = field(default=None, compare=False)
    """Of change_between_pages: a function to call, or a command for the toolkit's `change`."""


def status(code: int, *, retry_after: int | None = None, as_date: bool = False, message: str = "") -> Fault:
    """An HTTP error, instead of running the tool."""
    return Fault(kind="status", status=code, retry_after=retry_after, as_date=as_date, message=message)


def tool_failed(message: str = "ratelimited", code: int | None = None) -> Fault:
    """The service's own failure, inside a 200."""
    return Fault(kind="tool_failed", message=message, status=code)


def html() -> Fault:
    """A page for people, with 200."""
    return Fault(kind="html_200")


def empty() -> Fault:
    """200 and nothing."""
    return Fault(kind="empty_200")


def truncated() -> Fault:
    """JSON that ends in the middle; the length that is announced is that of what comes."""
    return Fault(kind="truncated_json")


def slow_headers(seconds: float) -> Fault:
    """The tool runs; the answer's first byte comes late."""
    return Fault(kind="slow_headers", seconds=seconds)


def slow_body(seconds: float) -> Fault:
    """The head comes at once, the body in drips."""
    return Fault(kind="slow_body", seconds=seconds)


def drop(where: Literal["before", "after", "in the body"] = "before") -> Fault:
    """The connection ends without an answer, or within it."""
    return Fault(kind="drop", where=where)


def refuse(seconds: float) -> Fault:
    """The connection ends, and for that long nobody can connect."""
    return Fault(kind="refuse", seconds=seconds)


def empty_page() -> Fault:
    """A page without entries, whose token leads to the one that was asked for."""
    return Fault(kind="empty_page_with_token")


def duplicate_page() -> Fault:
    """The page, whose token leads to the same page once more."""
    return Fault(kind="duplicate_page")


def reordered_page() -> Fault:
    """The page's entries in another order."""
    return Fault(kind="reordered_page")


def nested(wrapper: str = "response_data") -> Fault:
    """`data` one level deeper."""
    return Fault(kind="nested", key=wrapper)


def renamed_key(key: str, to: str) -> Fault:
    """A key by another name, wherever it stands."""
    return Fault(kind="renamed_key", key=key, to=to)


def change_between_pages(change: Callable[[], Any] | Mapping[str, Any]) -> Fault:
    """Something happens at the service after this page and before the next."""
    return Fault(kind="change_between_pages", change=change)


@dataclass(slots=True, kw_only=True)
class Rule:
    """When one of `faults` strikes."""

    faults: Sequence[Fault]
    on: str = "*"
    times: int | None = None
    """How often at most; None: always."""
    after: int = 0
    """How many matching requests it lets pass first."""
    chance: float = 1.0
    account: str | None = None
    """Only with this connected account."""

    @property
    def alters_pages(self) -> bool:
        return all(fault.kind in PAGE_KINDS for fault in self.faults)

    def matches(self, target: str, account: str | None) -> bool:
        return fnmatchcase(target, self.on) and self.account in (None, account)

    def strike(self, chance: random.Random) -> Fault | None:
        """The fault, where this is a request that it meets. Counts."""
        if self.times == 0:
            return None
        if self.after > 0:
            self.after -= 1
            return None
        if chance.random() >= self.chance:
            return None
        if self.times is not None:
            self.times -= 1
        return self.faults[0] if len(self.faults) == 1 else chance.choice(self.faults)


class Faults:
    """The rules of one server. Deterministic by seed, as far as the order of requests is."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)
        self.rules: list[Rule] = []

    def add(
        self,
        fault: Fault,
        on: str = "*",
        *,
        times: int | None = None,
        after: int = 0,
        chance: float = 1.0,
        account: str | None = None,
    ) -> None:
        self.rules.append(
            Rule(faults=(fault,), on=on, times=times, after=after, chance=chance, account=account),
        )

    def mix(
        self,
        chance: float = 0.3,
        seed: int = 1,
        *,
        on: str = "*",
        slow_s: float = 2.0,
        retry_after: int = 1,
        oddities: float = 0.0,
    ) -> None:
        """Everything that passes, mixed: `chance` that a request fails, `oddities` that a page is strange but true.

        `slow_s` should be more than the client's patience. Refused connections are left to `outage`: they would hit
        requests that stand beside, and the share of failures would be none that was asked for.
        """
        self.chance.seed(seed)
        self.rules.append(Rule(faults=transient(slow_s, retry_after), on=on, chance=chance))
        if oddities:
            strange = (empty_page(), duplicate_page(), reordered_page(), nested(), nested("data"), nested("details"))
            self.rules.append(Rule(faults=strange, on=on, chance=oddities))

    def clear(self) -> None:
        self.rules.clear()

    def drawn(self, target: str, account: str | None = None) -> list[Fault]:
        """What strikes this request: one that spoils the answer, or any number that alter its page."""
        for altering in (False, True):
            struck: list[Fault] = []
            for rule in self.rules:
                if rule.alters_pages is altering and rule.matches(target, account):
                    fault = rule.strike(self.chance)
                    struck += [fault] if fault else []
                    if struck and not altering:
                        return struck
        return struck


def transient(slow_s: float = 2.0, retry_after: int = 1) -> tuple[Fault, ...]:
    """One of each fault that a client gets over by trying again."""
    return (
        status(429, retry_after=retry_after),
        status(429, retry_after=retry_after, as_date=True),
        *(status(code) for code in (500, 502, 503, 504)),
        tool_failed("ratelimited"),
        html(),
        empty(),
        truncated(),
        slow_headers(slow_s),
        slow_body(slow_s),
        *(drop(where) for where in ("before", "after", "in the body")),
    )


def from_json(given: Mapping[str, Any]) -> tuple[Fault, dict[str, Any]]:
    """A fault and the arguments of `Faults.add`, from one JSON object. Raises ValueError or TypeError."""
    names = {each.name for each in fields(Fault)}
    if given.get("kind") not in get_args(Kind):
        raise ValueError(f"«kind» must be one of: {', '.join(get_args(Kind))}")
    fault = Fault(**{name: value for name, value in given.items() if name in names})
    return fault, {name: value for name, value in given.items() if name not in names}
