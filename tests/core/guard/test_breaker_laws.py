"""What holds of a breaker whatever happens to it, in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusing
from app.core.guard import Breaker, Permit, State, Transition
from tests.core.guard.play import DOWN, OURS, Time

REST_S = 30.0
STEPS = st.lists(
    st.one_of(
        st.just(("enter", 0.0)),
        st.tuples(st.sampled_from(["succeed", "fail", "ignore", "abandon"]), st.floats(0, 0.999)),
        st.tuples(st.just("pass"), st.sampled_from([1.0, 10.0, 29.0, 30.0, 100.0])),
    ),
    max_size=80,
)


class Life:
    """Plays steps and keeps its own books of what may be."""

    def __init__(self, failures: int, successes: int, probes: int) -> None:
        self.time, self.successes, self.probes = Time(), successes, probes
        self.breaker = Breaker(
            "Slack",
            failures=failures,
            rest_s=REST_S,
            successes=successes,
            probes=probes,
            clock=self.time,
            listeners=[self._changed],
        )
        self.era = self.succeeded = 0
        self.opened_at = 0.0
        self.held: list[tuple[Permit, int]] = []

    def step(self, what: str, amount: float) -> None:
        if what == "pass":
            self.time.advance(amount)
        elif what == "enter":
            self._enter()
        elif self.held:
            self._settle(what, *self.held.pop(int(amount * len(self.held))))

    def _enter(self) -> None:
        try:
            permit = self.breaker.enter()
        except Refusing:
            assert self.breaker.state is not State.CLOSED
            return
        if self.era and self.breaker.state is not State.CLOSED:
            assert self.time() - self.opened_at >= REST_S
        self.held.append((permit, self.era))
        if self.breaker.state is State.HALF_OPEN:
            assert sum(era == self.era for _, era in self.held) <= self.probes

    def _settle(self, what: str, permit: Permit, era: int) -> None:
        before, now = self.breaker.snapshot(), self.era
        probing = era == now and before.state is State.HALF_OPEN
        self.succeeded += probing and what == "succeed"
        if what == "succeed":
            permit.succeeded()
        elif what == "abandon":
            permit.abandoned()
        else:
            permit.failed(DOWN if what == "fail" else OURS)
        if era != now or what in ("ignore", "abandon"):
            assert self.breaker.snapshot() == before
        elif probing and what == "fail":
            assert self.breaker.state is State.OPEN

    def _changed(self, transition: Transition) -> None:
        if transition.after is State.CLOSED:
            assert transition.before is State.HALF_OPEN
            assert self.succeeded == self.successes
        if transition.after is State.OPEN:
            self.opened_at = self.time()
        self.era += 1
        self.succeeded = 0


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), STEPS)
def test_whatever_happens(failures: int, successes: int, probes: int, steps: list[tuple[str, float]]) -> None:
    """Open, nothing passes before its rest is over; half-open, never more than the probes; it closes after exactly
    the successes; old results and those that don't count change nothing."""
    life = Life(failures, successes, probes)
    for what, amount in steps:
        life.step(what, amount)


@given(st.integers(1, 5), st.integers(1, 5))
def test_as_many_failures_in_a_row_open_and_as_many_successes_close(failures: int, successes: int) -> None:
    time = Time()
    breaker = Breaker("Slack", failures=failures, successes=successes, clock=time)

    for number in range(failures):
        assert breaker.state is State.CLOSED, number
        breaker.enter().failed(DOWN)
    time.advance(REST_S)
    for _ in range(successes):
        assert breaker.state is not State.CLOSED
        breaker.enter().succeeded()

    assert breaker.state is State.CLOSED
