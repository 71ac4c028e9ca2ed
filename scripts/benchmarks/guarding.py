"""What the guard adds to a call that succeeds, beside libraries that do parts of it, and how it behaves under load.

Each is measured as what it adds to awaiting the bare call, in turns within one round.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from structlog.testing import capture_logs

from app.core.errors import Refusing, Unreachable
from app.core.guard import Breaker, Guard, GuardSettings
from scripts.benchmarks import other_guards
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.other_guards import Call

_AT_ONCE = 10
_PAUSE_S = 0.1
_SHORT_REST_S = 0.05


def guarding(makers: Makers, _folder: Path, *, quick: bool) -> Sheet:
    """Of the program itself: no database takes part."""
    sheet = Sheet("Guard", makers.kind)
    missing = other_guards.absent()
    asyncio.run(_overheads(sheet, missing, rounds=5 if quick else 15, calls=2000 if quick else 5000))
    if "pybreaker" not in missing:
        _beside_pybreaker(sheet, rounds=5 if quick else 15, calls=2000 if quick else 5000)
    with capture_logs():  # breakers are opened on purpose
        asyncio.run(_together(sheet, missing))
    if missing:
        sheet.add("not installed here", len(missing), note=f"{', '.join(missing)}: scripts/benchmarks/other_guards.py")
    return sheet


async def _overheads(sheet: Sheet, missing: list[str], *, rounds: int, calls: int) -> None:
    ours = {
        "our breaker, around a block": _around(Breaker("service")),
        "our breaker, as a decorator": Breaker("service")(_bare),
    }
    whole = {
        "our guard": _guarded(Guard("service", GuardSettings())),
        "our guard with a rate": _guarded(Guard("service", GuardSettings(), calls_per_minute=10**9)),
    }
    others = {name: await wrap(_bare, 30) for name, wrap in _there(other_guards.BREAKERS, missing).items()}
    other_whole = {name: await wrap(_bare, 30) for name, wrap in _there(other_guards.WHOLE, missing).items()}
    added = await _added(ours | others | whole | other_whole, rounds, calls)
    for mine, theirs, aim in ((ours, others, Aim("≤", 1)), (whole, other_whole, Aim("≤", 40))):
        base = median(added[next(iter(mine))])
        for name in mine:
            sheet.add(f"{name} adds", added[name], "µs", aim=aim)
        for name in theirs:
            ratio = f"{median(added[name]) / base:.2f} of {next(iter(mine))}"
            sheet.add(f"{other_guards.called(name)} adds", added[name], "µs", note=ratio)


async def _added(contenders: dict[str, Call], rounds: int, calls: int) -> dict[str, list[float]]:
    """Microseconds a call beyond the bare one, of each round."""
    added: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        bare = await _us(_bare, calls)
        for name, call in contenders.items():
            added[name].append(await _us(call, calls) - bare)
    return added


def _beside_pybreaker(sheet: Sheet, *, rounds: int, calls: int) -> None:
    ours, theirs = Breaker("service")(_bare_function), other_guards.pybreaker(_bare_function)
    added: tuple[list[float], list[float]] = [], []
    for _ in range(rounds):
        bare = _us_of_function(_bare_function, calls)
        added[0].append(_us_of_function(ours, calls) - bare)
        added[1].append(_us_of_function(theirs, calls) - bare)
    sheet.add("our breaker on a function without async adds", added[0], "µs", aim=Aim("≤", 1))
    ratio = f"{median(added[1]) / median(added[0]):.2f} of ours"
    sheet.add(f"{other_guards.called('pybreaker')} on one adds", added[1], "µs", note=ratio)
    slow = other_guards.pybreaker(lambda: time.sleep(_PAUSE_S))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        begun = time.perf_counter()
        list(threads.map(lambda _: slow(), range(_AT_ONCE)))
    took = time.perf_counter() - begun
    sheet.add(f"ten calls of {_PAUSE_S} s at once, {other_guards.called('pybreaker')} in threads", took, "s")


async def _together(sheet: Sheet, missing: list[str]) -> None:
    guard = Guard("service", GuardSettings())
    begun = time.perf_counter()
    await asyncio.gather(*(guard.call(lambda _: asyncio.sleep(_PAUSE_S)) for _ in range(_AT_ONCE)))
    took = time.perf_counter() - begun
    sheet.add(f"ten calls of {_PAUSE_S} s at once, our guard", took, "s", aim=Aim("≤", 0.15))
    guard.breaker.open()
    refusals = [await _refusal_ms(guard) for _ in range(200)]
    sheet.add("a person's call while the breaker is open", median(refusals), "ms", aim=Aim("≤", 1))

    async def ours(call: Call, rest_s: float) -> Call:
        return Breaker("service", failures=other_guards.FAILURES, rest_s=rest_s)(call)

    sheet.add("let through of ten at once, half-open: ours", await _let_through(ours), aim=Aim("≤", 1))
    for name, wrap in _there(other_guards.BREAKERS, missing).items():
        sheet.add(f"let through of ten at once, half-open: {other_guards.called(name)}", await _let_through(wrap))


async def _let_through(wrap: other_guards.Wrap) -> int:
    """How many of ten callers reach a service that has just failed three times and rested."""
    ill, reached = True, 0

    async def service() -> None:
        nonlocal reached
        if ill:
            raise Unreachable("down")
        reached += 1
        await asyncio.sleep(_SHORT_REST_S)

    guarded = await wrap(service, _SHORT_REST_S)
    await asyncio.gather(*(guarded() for _ in range(other_guards.FAILURES)), return_exceptions=True)
    ill = False
    await asyncio.sleep(2 * _SHORT_REST_S)
    await asyncio.gather(*(guarded() for _ in range(_AT_ONCE)), return_exceptions=True)
    return reached


async def _refusal_ms(guard: Guard) -> float:
    begun = time.perf_counter()
    try:
        await guard.call(lambda _: _bare())
    except Refusing:
        return (time.perf_counter() - begun) * 1000
    raise RuntimeError("an open breaker let a call through")


async def _bare() -> int:
    return 1


def _bare_function() -> int:
    return 1


def _around(breaker: Breaker) -> Call:
    async def guarded() -> object:
        with breaker.enter():
            return await _bare()

    return guarded


def _guarded(guard: Guard) -> Call:
    async def attempt(_: float) -> int:
        return 1

    return lambda: guard.call(attempt)


def _there(wraps: dict[str, other_guards.Wrap], missing: list[str]) -> dict[str, other_guards.Wrap]:
    return {name: wrap for name, wrap in wraps.items() if name not in missing}


async def _us(call: Call, calls: int) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        await call()
    return (time.perf_counter() - begun) / calls * 1e6


def _us_of_function(call: Callable[[], object], calls: int) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - begun) / calls * 1e6
