"""An installation whose processes are killed at random while the world changes, until it is left to come to its end.

A kill comes soon after a start, or while something is being pulled: both are drawn.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import create_engine, select, update

from app.domains.connections.models import Integration
from scripts.soaking import mail_file
from scripts.soaking.processes import Fleet, Member
from scripts.soaking.watching import Standing, Watch, sync_url
from scripts.soaking.worlds import Size, World

Mode = Literal["embedded", "workers"]
_TICK_S = 0.05
_CHANGES = 0.04
"""How likely the world changes in a tick."""
_LONGEST_WAIT_S = 25.0
_SETTLED_WITHIN_S = 240.0


@dataclass(frozen=True, slots=True)
class Plan:
    mode: Mode
    kills: int
    seed: int = 1
    size: Size = field(default_factory=Size)
    imports_every: int = 4
    """An import is begun before every so-manieth kill; 0: never."""
    papers: int = 60
    """Messages in each import."""
    at_random: float = 0.25
    """The share of kills that come soon after the one before, whatever goes on. The others hit while all are up and
    something is being pulled."""
    within_s: float = 3.0
    """So long after that was seen at most."""
    continued_within_s: float = 10.0
    """What was interrupted has to go on, counted from when there was a process that could."""

    @property
    def database(self) -> str:
        return "sqlite" if self.mode == "embedded" else "postgres"


@dataclass
class Soak:
    plan: Plan
    world: World
    fleet: Fleet
    watch: Watch
    folder: Path
    chance: random.Random
    names: dict[str, int] = field(default_factory=dict)
    """Ids of the integrations that are pulled."""
    imports: list[Path] = field(default_factory=list)
    kills: int = 0
    kills_of_server: int = 0

    def configure(self) -> None:
        for body in self.world.integrations():
            answer = self.fleet.client.post("/integrations", json=body).raise_for_status()
            self.names[body["kind"]] = answer.json()["id"]

    def disturb(self) -> None:
        """All kills, with what happens meanwhile."""
        for number in range(self.plan.kills):
            if self.chance.random() < self.plan.at_random:
                self._rest(self.chance.uniform(0, 2))
            else:
                self._rest_until(lambda: all(each.is_up() for each in self.fleet.members))
                self.ask()
                if self.plan.imports_every and number % self.plan.imports_every == 0:
                    self.begin_import(number)
                self._rest_until(lambda: self.watch.going(self._tick()))
                self._rest(self.chance.uniform(0, self.plan.within_s))
            self._kill(self._victim())

    def ask(self) -> None:
        for each in self.names.values():
            self.fleet.post(f"/integrations/{each}/sync")

    def begin_import(self, number: int) -> None:
        """Of a file that may have to be sent again, because nobody took it: twice the same is once."""
        path = mail_file.write(self.folder / f"paper{number}.mbox", self.plan.papers, self.plan.seed * 1000 + number)
        self.imports.append(path)
        self.send(path)

    def send(self, path: Path) -> bool:
        answer = self.fleet.post(
            "/integrations/import", files={"file": (path.name, path.read_bytes())}, data={"into": "papers"}
        )
        return answer is not None and answer.status_code == 202

    def _victim(self) -> Member:
        if self.plan.mode == "workers" and self.chance.random() < self.plan.at_random / 2:
            return self.fleet.server
        return self.chance.choice(self.fleet.working)

    def _rest_until(self, true: Callable[[], bool]) -> None:
        """Or until that takes too long: whatever there is then is killed too."""
        until = time.monotonic() + _LONGEST_WAIT_S
        while not true() and time.monotonic() < until:
            self._tick()

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._tick()

    def _tick(self, *, change: bool = True) -> Sequence[Standing]:
        time.sleep(_TICK_S)
        if change and self.chance.random() < _CHANGES:
            self.world.change()
        able = any(each.is_up() for each in self.fleet.working)
        self.watch.able(able)
        # Until it is up, whoever was started after a kill must find the file as it was left.
        return self.watch.look() if able else ()

    def _kill(self, victim: Member) -> None:
        before = self._tick(change=False)
        victim.kill()
        self.kills += 1
        if victim in self.fleet.working:
            self.watch.killed(before)
        else:
            self.kills_of_server += 1
        time.sleep(self.chance.uniform(0, 0.3))
        victim.start()

    def settle(self) -> None:
        """Everything that waits or goes on comes to its end, and each integration is pulled once more behind that."""
        self.fleet.ready()
        for path in self.imports:
            if not self.send(path):
                raise RuntimeError(f"{path.name} could not be sent")
        self.until(lambda found: not found)
        last = self.watch.last_id()
        self.until(lambda _: self.watch.ended_since(last) >= set(self.names.values()), ask=True)
        self.until(lambda found: not found)

    def list_notion(self) -> None:
        """Let the time pass after which all rows of Notion are listed, and pull."""
        engine = create_engine(sync_url(self.fleet.url))
        with engine.begin() as connection:
            row = connection.execute(select(Integration.cursor).where(Integration.id == self.names["notion"])).one()
            cursor: dict[str, Any] = row.cursor
            listed = (datetime.fromisoformat(cursor["listed"]) - timedelta(hours=2)).isoformat()
            aged = update(Integration).where(Integration.id == self.names["notion"])
            connection.execute(aged.values(cursor={**cursor, "listed": listed}))
        engine.dispose()
        last = self.watch.last_id()
        self.fleet.client.post(f"/integrations/{self.names['notion']}/sync").raise_for_status()
        self.until(lambda found: not found and self.names["notion"] in self.watch.ended_since(last))

    def until(self, done: Callable[[Sequence[Standing]], bool], *, ask: bool = False) -> None:
        until = time.monotonic() + _SETTLED_WITHIN_S
        asked_at = 0.0
        while not done(found := self._tick(change=False)):
            if time.monotonic() > until:
                raise TimeoutError(f"it does not come to an end: {found}")
            if ask and time.monotonic() - asked_at > 1:
                asked_at = time.monotonic()
                self.ask()
