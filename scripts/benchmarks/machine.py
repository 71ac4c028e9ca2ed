"""The machine that is measured on: what it is, and how much it disturbs what is measured."""

import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_SPREAD_THAT_MATTERS = 0.20
_PIECES = 12


@dataclass(slots=True)
class Noise:
    """The same work at several moments: what differs between them is the machine's doing. Seconds each."""

    cpu: list[float] = field(default_factory=list)
    disk: list[float] = field(default_factory=list)

    def listen(self, folder: Path) -> None:
        """Takes about half a second."""
        self.cpu += [_compute() for _ in range(_PIECES)]
        self.disk += [_write_through(folder) for _ in range(_PIECES)]

    def lines(self) -> Iterable[str]:
        """A line for each of the two, with a warning where it can't be trusted."""
        for name, pieces in (("a fixed computation", self.cpu), ("64 kB written through to the disk", self.disk)):
            low, middle, high = (value * 1000 for value in (min(pieces), statistics.median(pieces), max(pieces)))
            quarters = statistics.quantiles(pieces, n=4)
            spread = (quarters[2] - quarters[0]) / quarters[1]
            warning = "  !! noisy: believe ratios, not single figures" if spread > _SPREAD_THAT_MATTERS else ""
            said = f"{low:.2f} / {middle:.2f} / {high:.2f} ms (min, median, max)"
            yield f"  {name}: {said}; middle half ±{spread / 2:.0%}{warning}"


def described() -> dict[str, str | int]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def pin(processor: int | None = None) -> bool:
    """Keep this process, and what it starts, on one processor. Returns whether the system can do that."""
    if sys.platform != "linux":
        return False
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[-1] if processor is None else processor})
    return True


def resident_mb(process: int) -> float | None:
    """The memory a process has now; None where the system does not say."""
    return _status_mb(process, "VmRSS")


def own_peak_mb() -> float:
    """The most memory that this process has had. On Linux not by ru_maxrss, which begins with the memory of whoever
    started the process."""
    peak = _status_mb(os.getpid(), "VmHWM")
    if peak is not None:
        return peak
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def processor_s(process: int) -> float | None:
    """Processor time of a process since its start, its threads included; None where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status_mb(process: int, name: str) -> float | None:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:")), None)


def _compute() -> float:
    begun = time.perf_counter()
    total = 0
    for number in range(200_000):
        total += number * number % 7
    return time.perf_counter() - begun


def _write_through(folder: Path) -> float:
    path = folder / "noise"
    begun = time.perf_counter()
    with path.open("wb") as file:
        file.write(b"x" * 65_536)
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - begun
