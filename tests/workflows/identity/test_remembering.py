"""What was recognised is believed for a second, and no longer; it is bounded, and dropped where rights change."""

from datetime import timedelta

import pytest

from app.core.acting import Caller
from app.workflows.identity import remembering
from app.workflows.identity.remembering import AWAY_S, FRESH_S, Memory, Standing
from tests.conftest import START, SettableClock

ANN = Standing(Caller("key", 1))


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def memory(ticks: Ticks) -> Memory:
    return Memory(ticks)


def keep(memory: Memory, shown: bytes = b"ann", standing: Standing = ANN) -> None:
    memory.keep(shown, standing, START, generation=memory.generation)


def test_it_is_believed_for_a_second(memory: Memory, ticks: Ticks) -> None:
    keep(memory)

    ticks.now += FRESH_S
    assert memory.fresh(b"ann", START) is ANN
    ticks.now += 0.001
    assert memory.fresh(b"ann", START) is None
    assert memory.fresh(b"ben", START) is None


def test_a_wall_clock_that_moved_ends_it_too(memory: Memory) -> None:
    keep(memory)

    assert memory.fresh(b"ann", START + timedelta(seconds=2)) is None
    assert memory.fresh(b"ann", START - timedelta(hours=1)) is None


def test_it_ends_when_rights_change_also_for_what_is_being_looked_up(memory: Memory) -> None:
    keep(memory)
    before = memory.generation

    memory.forget()
    memory.keep(b"ben", ANN, START, generation=before)

    assert memory.fresh(b"ann", START) is None
    assert memory.fresh(b"ben", START) is None
    assert len(memory) == 0


def test_it_holds_so_many_and_drops_the_oldest(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 3)
    for shown in (b"a", b"b", b"c", b"a", b"d"):
        keep(memory, shown)

    assert len(memory) == 3
    assert [memory.fresh(shown, START) is not None for shown in (b"a", b"b", b"c", b"d")] == [True, False, True, True]


def test_for_ten_minutes_it_is_known_who_somebody_was(memory: Memory, ticks: Ticks) -> None:
    keep(memory)

    ticks.now += AWAY_S
    assert memory.last(b"ann") is ANN
    ticks.now += 1
    assert memory.last(b"ann") is None


def test_what_expired_meanwhile_does_not_hold(clock: SettableClock) -> None:
    standing = Standing(Caller("key", 1), until=START, networks=["10.0.0.0/8"])

    assert standing.holds(START - timedelta(seconds=1), "10.0.0.1")
    assert not standing.holds(START, "10.0.0.1")
    assert not standing.holds(START - timedelta(seconds=1), "192.0.2.1")
