"""One soak: what pulls is killed at random, and in the end has to equal what nobody disturbed.

The world changes until the last kill. Then a fresh installation pulls the same world once, and both are compared.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from app.settings import PROJECT_ROOT
from scripts.benchmarks.databases import Makers, makers, text_of
from scripts.fake_composio.serving import running
from scripts.soaking.comparing import Held, differences, held
from scripts.soaking.disturbing import Plan, Soak
from scripts.soaking.processes import Fleet
from scripts.soaking.watching import Watch
from scripts.soaking.worlds import World


def soak(plan: Plan, folder: Path) -> dict[str, Any]:
    """The report. Raises scripts.benchmarks.databases.NoServer where there is no Postgres."""
    begun = time.monotonic()
    world = World(plan.size, plan.seed)
    with running(world.fake) as url, makers(plan.database, folder) as made:
        report = _disturbed(plan, world, url, made, folder)
    return {
        "mode": plan.mode,
        "database": plan.database,
        "seed": plan.seed,
        **report,
        "seconds": round(time.monotonic() - begun),
    }


def _disturbed(plan: Plan, world: World, services: str, made: Makers, folder: Path) -> dict[str, Any]:
    logs = folder / f"{plan.mode} killed"
    logs.mkdir()
    # Two pulls at a time in each of two workers, so that both hold some.
    workers, at_once = (2, "2") if plan.mode == "workers" else (0, "4")
    fleet = Fleet(made.new(), services, logs, workers, {"SYNC_AT_ONCE": at_once})
    watch = Watch(fleet.url)
    this = Soak(plan, world, fleet, watch, folder, random.Random(plan.seed))
    try:
        fleet.start()
        this.configure()
        this.disturb()
        this.settle()
        before_listing = held(fleet.url)
        this.list_notion()
        wrong = fleet.stop()
    finally:
        fleet.end()
    wrong += sound(fleet.url)
    whole = _whole(this, made, services)
    unheard = {each.replace("-", "") for each in world.trashed} | world.trashed
    wrong += [f"before the listing: {each}" for each in differences(before_listing, whole, unheard)]
    wrong += differences(killed := held(fleet.url), whole)
    return _figures(this, killed, wrong)


def _whole(this: Soak, made: Makers, services: str) -> Held:
    """What one undisturbed pull of each integration brings into an empty database, and each import once."""
    logs = this.folder / f"{this.plan.mode} whole"
    logs.mkdir()
    fleet = Fleet(made.new(), services, logs)
    watch = Watch(fleet.url)
    whole = Soak(this.plan, this.world, fleet, watch, this.folder, this.chance, imports=this.imports)
    try:
        fleet.start()
        for path in whole.imports:
            whole.send(path)
        whole.configure()
        pulled = whole.names.values()
        whole.until(lambda found: not found and watch.ended_since(0) >= set(pulled))
        if wrong := fleet.stop():
            raise RuntimeError("; ".join(wrong))
    finally:
        fleet.end()
    return held(fleet.url)


def sound(url: URL) -> list[str]:
    """What `watchfloor db check` finds."""
    environment = {**os.environ, "DATABASE_URL": text_of(url)}
    command = [sys.executable, "-m", "app.cli", "db", "check", "--json"]
    said = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)
    if said.returncode == 0:
        return []
    try:
        return [f"db check: {each}" for each in json.loads(said.stdout)["findings"]]
    except json.JSONDecodeError:
        return [f"db check: {said.stdout[-500:]} {said.stderr[-500:]}"]


def _figures(this: Soak, killed: Held, wrong: list[str]) -> dict[str, Any]:
    watch = this.watch
    slowest = max(watch.progress, default=0.0)
    if slowest > this.plan.continued_within_s:
        wrong = [*wrong, f"a run went on only {slowest:.1f} s after there was a process that could"]
    if watch.open:
        wrong = [*wrong, f"runs that nobody continued: {sorted(watch.open)}"]
    return {
        "kills": this.kills,
        "of them the server that only answers": this.kills_of_server,
        "runs that lost their process": len(watch.claims),
        "given up after three starts without a page": watch.given_up,
        "changes of the world": this.world.changes,
        "imports": len(this.imports),
        "items": len(killed.items),
        "gone": len(killed.gone),
        "tasks": len(killed.tasks),
        "claimed again after s": _spread(watch.claims),
        "went on after s": _spread(watch.progress),
        "counted from the kill, s": _spread(watch.since_kill),
        "problems": wrong,
    }


def _spread(found: Sequence[float]) -> dict[str, float]:
    ordered = sorted(found)
    if not ordered:
        return {"count": 0}
    at = {"median": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)], "max": ordered[-1]}
    return {"count": len(ordered), **{name: round(value, 2) for name, value in at.items()}}
