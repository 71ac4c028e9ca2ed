"""What judges tasks as of now: the active ruleset, what the settings say, and what people said of who is who.

Every process asks before it judges, at the start of a round, of an import's page and of a writing request, so that the
server, the worker and the command line agree.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log, seeing
from app.domains import rulesets
from app.domains.people import rules, service
from app.domains.ranking.rules import Ruleset, RulesetInvalid
from app.domains.tasks.policy import Policy
from app.domains.tasks.us import Us, matches

_log = log.get(__name__)


class Judge:
    """Knows the policy of the settings, and the one that follows from it and from what the database holds: people, and
    the ruleset that was activated. Before any was, that of the settings counts."""

    def __init__(self, settled: Policy) -> None:
        self._settled = settled
        self._present = settled
        self._revision: tuple[Any, ...] | None = None

    async def policy(self, session: AsyncSession) -> Policy:
        """The policy as the session's transaction sees it, whoever acts. Two cheap queries where nobody changed
        anything."""
        with seeing.unrestricted(session):  # one policy for all, and remembered
            revision = (*await service.revision(session), *await rulesets.service.revision(session))
            if revision != self._revision:
                rows = await service.judged(session)
                settled = replace(self._settled, ruleset=await self._ruleset(session))
                self._present = with_people(settled, ((row.person_id, row.is_us, row.address) for row in rows))
                self._revision = revision
            return self._present

    async def _ruleset(self, session: AsyncSession) -> Ruleset:
        """The active one, with today's calendars. Ranking never stops: one that this program can't read is told in
        the log, and the one of the settings stands in for it."""
        row = await rulesets.service.active(session)
        if row is None:
            return self._settled.ruleset
        try:
            return await rulesets.service.compiled(session, row)
        except RulesetInvalid as error:
            problems = [str(problem) for problem in error.problems]
            _log.error("the active ruleset can't be used", ruleset=row.name, version=row.version, problems=problems)
            return self._settled.ruleset


def with_people(settled: Policy, rows: Iterable[tuple[int, bool, str]]) -> Policy:
    """The policy with what is known of people: rows (person, whether they are us, address), each person's together.

    Whoever is said to be us, or has one of our addresses, is us under all of them. A person of several addresses is
    known by one.
    """
    ours, important = list(settled.us.addresses), list(settled.important_senders)
    aliases: dict[str, str] = {}
    for _, of_person in groupby(rows, key=lambda row: row[0]):
        owned = list(of_person)
        addresses = [address for _, _, address in owned]
        one = rules.canonical(addresses)
        aliases |= {address: one for address in addresses if address != one}
        if owned[0][1] or any(matches(address, settled.us.addresses) for address in addresses):
            ours += (address for address in addresses if not matches(address, settled.us.addresses))
        if any(matches(address, settled.important_senders) for address in addresses):
            important.append(one)
    us = replace(settled.us, addresses=tuple(ours))
    return replace(settled, us=us, important_senders=tuple(dict.fromkeys(important)), aliases=aliases)


def who_we_are(delivered: Counter[str], us: Us) -> str | None:
    """A hint for a mailbox whose owner nobody named yet: without it nobody knows whose turn it is."""
    if us.known or not delivered:
        return None
    address, count = delivered.most_common(1)[0]
    if count < 3 or count * 2 < delivered.total():
        return None
    return (
        f"Most of this mail was delivered to {address}. If that is you, set OUR_ADDRESSES={address} (and your own "
        "address where you write from another): then each task shows whose turn it is."
    )
