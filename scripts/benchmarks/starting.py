"""How soon the server answers after it is started, and how much memory it needs; what a large import needs."""

import json
import subprocess
import sys
from pathlib import Path

from scripts.benchmarks import serving
from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.machine import resident_mb
from scripts.benchmarks.queueing import fill_for

_LARGE_MB = 1000


def start(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Empty, again, and with many tasks: from the start of the process to its first good answer."""
    sheet = Sheet("Start", makers.kind)
    url = makers.new()
    if makers.kind == "sqlite":
        makers.drop(url)  # the first start makes its tables
    for called in ("first start, empty", "second start, empty"):
        with serving.watchfloor(url, folder) as server:
            sheet.add(called, server.ready_after, "s")
    makers.drop(url)
    size = 20_000 if quick else 100_000
    url = fill_for(makers, size)
    ready = []
    for _ in range(1 if quick else 3):
        with serving.watchfloor(url, folder) as server:
            ready.append(server.ready_after)
            idle = resident_mb(server.process)
            client = server.client()
            for _ in range(20):
                client.timed("GET", "/api/v1/tasks?limit=50")
            client.close()
            after = resident_mb(server.process)
    sheet.add(f"start with {size:,} tasks", ready, "s")
    if idle and after:
        sheet.add("memory when idle", idle, "MB")
        sheet.add("memory after twenty pages", after, "MB")
    makers.drop(url)
    return sheet


def memory(makers: Makers, _folder: Path, *, quick: bool) -> Sheet:
    """The memory an import of a large mailbox needs, by scripts/soak; on SQLite, and not where it has to be quick."""
    sheet = Sheet("Memory", makers.kind)
    if quick or makers.kind != "sqlite":
        sheet.add("left out: it takes minutes, and is measured on SQLite", 0.0)
        return sheet
    soak = Path(serving.ROOT / "scripts" / "soak")
    result = subprocess.run(
        [sys.executable, str(soak), "--size", str(_LARGE_MB), "--once"], stdout=subprocess.PIPE, check=False
    )
    report = json.loads(result.stdout)
    note = f"{report['messages']:,} messages, {report['megabytes']:,.0f} MB, {report['messages_per_s']}/s"
    sheet.add("at most, while a large mailbox is imported", report["peak_mb"], "MB", aim=Aim("≤", 200), note=note)
    return sheet
