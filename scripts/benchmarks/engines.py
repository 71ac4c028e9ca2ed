"""Our loop over our own rows beside DBOS: what each does when processes are killed, suspended, upgraded or idle.

Both carry out the same made-up pulls, in processes of their own, and store through the same code. Behaviour is looked
for in what the database holds and in what was read, not in what an engine says of itself.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from scripts.benchmarks import other_engines
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.engine_stand import Contender, Process, Stand, stand, until
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.machine import resident_mb

_PAGES = 20
_DUE = 200
_FORCED_AFTER_S = 8
_ASLEEP_S = 15
_ENOUGH_S = 20
"""For two pulls of a second each, a start and a lease."""
_chance = Random(5)

Measure = Callable[[Sheet, Makers, Path, Contender, bool], None]


def engines(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Of both where DBOS is there, and of ours alone where it is not."""
    sheet = Sheet("Job engines", makers.kind)
    contenders = [Contender("ours", "ours")]
    if other_engines.absent():
        sheet.add("not installed here", 1, note="DBOS: scripts/benchmarks/other_engines.py")
    else:
        contenders.append(Contender(other_engines.called(), "dbos"))
        contenders.append(Contender(f"{other_engines.called()}, polling each 0.1 s", "dbos", 0.1))
        _import(sheet, rounds=1 if quick else 5)
    _started(sheet, makers, folder, contenders, quick=quick)
    if makers.kind == "postgres":  # where several processes work
        _due_at_once(sheet, makers, folder, contenders, quick=quick)
    behaviour: list[Measure] = [_killed, _killed_after_commit, _upgraded, _changed, _shared]
    behaviour += [_suspended] if makers.kind == "postgres" else []
    for measure in behaviour:
        for contender in contenders:
            if contender.poll_s >= 1:  # how often a queue is polled matters to how soon, not to what
                measure(sheet, makers, folder, contender, quick)
    _idle(sheet, makers, folder, contenders, quick=quick)
    return sheet


def _killed(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, quick: bool) -> None:
    """In the middle of a pull; on Postgres another process is there, on SQLite the same one is started again."""
    after, again, stored, lost = [], [], [], []
    for _ in range(1 if quick else 5):
        with stand(makers, folder, contender) as place:
            [asked] = place.places(pages=_PAGES)
            first = place.start(executor="one")
            second = place.start(executor="two") if makers.kind == "postgres" else None
            first.tell("ask", asked)
            wanted = _chance.randint(4, 16)
            place.until_stored(wanted)
            killed = _reader(place, first, second)
            begun = time.time()
            killed.kill()
            if second is None:
                place.start(executor="one")
            place.until_succeeded(1)
            after.append(_first_read_by_another(place, killed) - begun)
            again.append(len(place.noted("page")) - _PAGES)
            stored.append(place.pages() - _PAGES)
            lost.append(_PAGES - place.items())
    where = "by another process" if makers.kind == "postgres" else "after a restart at once"
    sheet.add(f"gone on with {where}: {contender.called}", after, "s", aim=Aim("≤", 10))
    sheet.add(f"  pages read again: {contender.called}", again)
    sheet.add(f"  pages stored again, in all: {contender.called}", sum(stored), aim=Aim("≤", 0))
    sheet.add(f"  pages lost, in all: {contender.called}", sum(lost), aim=Aim("≤", 0))


def _reader(place: Stand, *processes: Process | None) -> Process:
    """Whoever has begun."""
    begun = place.noted("begun")[-1].process
    return next(each for each in processes if each is not None and each.id == begun)


def _first_read_by_another(place: Stand, killed: Process) -> float:
    return min(each.at for each in place.noted("page") if each.process != killed.id)


def _killed_after_commit(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, _quick: bool) -> None:
    """As soon as the database holds a page, and before an engine could say so anywhere else."""
    with stand(makers, folder, contender) as place:
        [asked] = place.places(pages=_PAGES)
        first = place.start(executor="one", dies_after_page=7)
        first.tell("ask", asked)
        until(first.ended)
        place.start(executor="one")
        place.until_succeeded(1)
        sheet.add(f"stored again after a kill behind the commit: {contender.called}", place.pages() - _PAGES)


def _due_at_once(sheet: Sheet, makers: Makers, folder: Path, contenders: list[Contender], *, quick: bool) -> None:
    took: dict[str, list[float]] = {each.called: [] for each in contenders}
    doubled = dict.fromkeys(took, 0)
    for _ in range(1 if quick else 5):
        for contender in contenders:
            with stand(makers, folder, contender) as place:
                took[contender.called].append(_pull_all(place))
                doubled[contender.called] += _other_than_once(place)
    for called, seconds in took.items():
        ratio = f"{median(seconds) / median(took['ours']):.2f} of ours"
        sheet.add(f"{_DUE} due at once, two processes: {called}", seconds, "s", note=ratio)
        sheet.add(f"  begun, made or stored other than once, in all: {called}", doubled[called], aim=Aim("≤", 0))


def _pull_all(place: Stand) -> float:
    """Seconds."""
    place.places(_DUE, pages=2, page_s=0.02)
    for name in ("one", "two"):
        place.start(executor=name)
    time.sleep(2)  # both are at rest
    begun = time.time()
    place.change("UPDATE integrations SET next_sync_at = now()")
    place.until_succeeded(_DUE, every_s=0.1)
    return time.time() - begun


def _other_than_once(place: Stand) -> int:
    [[runs]] = place.rows("SELECT count(*) FROM sync_runs")
    return abs(int(runs) - _DUE) + abs(len(place.noted("begun")) - _DUE) + abs(place.pages() - 2 * _DUE)


def _started(sheet: Sheet, makers: Makers, folder: Path, contenders: list[Contender], *, quick: bool) -> None:
    """From being asked for to the first thing read, at moments that have nothing to do with the engine's own."""
    waited: dict[str, list[float]] = {each.called: [] for each in contenders}
    with ExitStack() as stands:
        places = [stands.enter_context(stand(makers, folder, each)) for each in contenders]
        there = [(place, place.places(pages=1, page_s=0)[0], place.start(executor="one")) for place in places]
        time.sleep(3)
        for done in range(1, (10 if quick else 40) + 1):
            for place, asked, process in there:
                time.sleep(_chance.random() / 2)
                begun = time.time()
                process.tell("ask", asked)
                place.until_succeeded(done)
                waited[place.contender.called].append((place.noted("begun")[-1].at - begun) * 1000)
    for share in (0.5, 0.95):
        for called, each in waited.items():
            sheet.add(f"from asked for to begun, p{share * 100:.0f}: {called}", percentile(each, share), "ms")


def _upgraded(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, _quick: bool) -> None:
    """One pull in its middle and one that waits, when the program is replaced by the next version of it."""
    with stand(makers, folder, contender) as place:
        _two_asked(place).kill()
        place.start(executor="one", version="2")
        time.sleep(_ENOUGH_S)
        sheet.add(f"of two pulls, ended by the next version: {contender.called}", place.succeeded(), aim=Aim("≥", 2))


def _two_asked(place: Stand) -> Process:
    first, second = place.places(2, pages=_PAGES)
    process = place.start(executor="one", at_once=1)
    process.tell("ask", first)
    place.until_stored(5)
    process.tell("ask", second)
    until(lambda: bool(place.rows("SELECT 1 FROM sync_runs WHERE state = 'queued'")))
    return process


def _changed(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, _quick: bool) -> None:
    """The same, under the same version's name, and the next program does one thing more at a pull's beginning."""
    with stand(makers, folder, contender) as place:
        _two_asked(place).kill()
        place.start(executor="one", extra_step=True)
        time.sleep(_ENOUGH_S)
        sheet.add(f"  with one more step in it: {contender.called}", place.succeeded(), aim=Aim("≥", 2))


def _shared(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, _quick: bool) -> None:
    """A second process is started as the first one was, while that one is in the middle of a pull."""
    with stand(makers, folder, contender) as place:
        [asked] = place.places(pages=_PAGES, page_s=0.2)
        place.start(executor="one", locked=False).tell("ask", asked)
        place.until_stored(5)
        place.start(executor="one", locked=False)
        place.until_succeeded(1)
        read, stored = len(place.noted("page")) - _PAGES, place.pages() - _PAGES
        sheet.add(f"a second process under one name, read again: {contender.called}", read, aim=Aim("≤", 0))
        sheet.add(f"  stored again: {contender.called}", stored, aim=Aim("≤", 0))


def _suspended(sheet: Sheet, makers: Makers, folder: Path, contender: Contender, _quick: bool) -> None:
    """The process with the pull stands still for a while, as under a debugger, in a virtual machine that is moved, or
    behind a network that is gone; then it goes on."""
    for forced in (False, True) if contender.engine == "dbos" else (False,):
        with stand(makers, folder, contender) as place:
            [asked] = place.places(pages=_PAGES, page_s=0.2)
            first = place.start(executor="one")
            first.tell("ask", asked)
            place.until_stored(5)
            second = place.start(executor="two")
            first.signal(signal.SIGSTOP)
            stopped = time.time()
            time.sleep(_FORCED_AFTER_S)
            if forced:
                second.tell("resume", place.rows("SELECT max(id) FROM sync_runs")[0][0])
            time.sleep(_ASLEEP_S - _FORCED_AFTER_S)
            first.signal(signal.SIGCONT)
            place.until_succeeded(1)
            time.sleep(2)
            _tell_of_suspended(sheet, place, first, second, stopped, how=", resumed by hand" if forced else "")


def _tell_of_suspended(
    sheet: Sheet, place: Stand, first: Process, second: Process, stopped: float, *, how: str
) -> None:
    called = f"{place.contender.called}{how}"
    taken = [each.at - stopped for each in place.noted("page") if each.process == second.id]
    note = "" if taken else "never: it went on when the process did"
    sheet.add(f"of a process suspended {_ASLEEP_S} s, gone on with: {called}", min(taken, default=0), "s", note=note)
    if taken:
        late = [each for each in place.noted("page") if each.process == first.id and each.at > stopped]
        sheet.add(f"  read by it after that: {called}", len(late))
    sheet.add(f"  stored again or lost: {called}", place.pages() - _PAGES + _PAGES - place.items(), aim=Aim("≤", 0))


def _idle(sheet: Sheet, makers: Makers, folder: Path, contenders: list[Contender], *, quick: bool) -> None:
    """All at once, so that the machine's mood is the same for each; beside them one that only holds the modules."""
    window, windows = (5, 1) if quick else (30, 3)
    everyone = [Contender("no engine", "none"), *contenders]
    used: dict[str, list[float]] = {each.called: [] for each in everyone}
    with ExitStack() as stands:
        places = [stands.enter_context(stand(makers, folder, each)) for each in everyone]
        processes = [(place.contender.called, place.start(executor="one")) for place in places]
        time.sleep(3)
        for _ in range(windows):
            before = [process.used_s() for _, process in processes]
            time.sleep(window)
            for (called, process), then in zip(processes, before, strict=True):
                used[called].append((process.used_s() - then) / window * 100)
        for called, process in processes:
            sheet.add(f"of a core when idle: {called}", used[called], "%")
            sheet.add(f"  memory: {called}", resident_mb(process.id) or 0, "MB", note=f"{process.threads()} threads")


def _import(sheet: Sheet, *, rounds: int) -> None:
    """Beyond what the program has imported anyway."""
    code = "import app.main, time; begun = time.perf_counter(); import dbos; print(time.perf_counter() - begun)"
    took = [float(subprocess.check_output([sys.executable, "-c", code], text=True)) for _ in range(rounds)]
    sheet.add(f"import of {other_engines.called()}, beyond the program's own", median(took), "s")
