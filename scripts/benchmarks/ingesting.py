"""How fast an import is, from the file to the ranked task, and how near its storing comes to the bare driver."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from app.integrations.registry import KINDS
from scripts.benchmarks import baseline, chat, mailbox
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.once import PAGE_SIZE

ROOT = Path(__file__).resolve().parents[2]


def once(do: str, url: URL, path: Path, kind: str, *, pinned: bool) -> dict[str, Any]:
    """One measurement in a process of its own."""
    given = {"do": do, "url": text_of(url), "path": str(path), "kind": kind, "pinned": pinned}
    command = [sys.executable, "-m", "scripts.benchmarks.once", json.dumps(given)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def ingest(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Messages a second of mail and of Slack, from the file to the ranked task."""
    sheet = Sheet("Ingest", makers.kind)
    rounds = 1 if quick else 3
    mail, slack = folder / "bench.mbox", folder / "bench-slack.zip"
    mailbox.write(mail, 1500 if quick else 4000)
    chat.write(slack, 3000 if quick else 10_000)
    for path, kind, called in ((mail, "mbox", "mail"), (slack, "slack", "Slack")):
        if kind not in KINDS:
            sheet.add(f"{called}: there is no such kind", 0.0)
            continue
        for pinned in (True, False):
            runs = [_run(makers, path, kind, pinned=pinned) for _ in range(rounds)]
            where = "on one processor" if pinned else "on all processors"
            aim = Aim("≥", 500) if kind == "mbox" and pinned else None
            size = path.stat().st_size / 1e6
            note = f"{runs[0]['read']:,} messages, {size:.1f} MB" if pinned else ""
            sheet.add(
                f"{called}, end to end, {where}",
                [run["read"] / run["seconds"] for run in runs],
                "/s",
                aim=aim,
                note=note,
            )
        sheet.add(f"{called}, memory at most", max(run["peak_mb"] for run in runs), "MB")
    return sheet


def _run(makers: Makers, path: Path, kind: str, *, pinned: bool) -> dict[str, Any]:
    url = makers.new()
    run = once("end_to_end", url, path, kind, pinned=pinned)
    makers.drop(url)
    if run["state"] != "succeeded":
        raise RuntimeError(f"the import of {path.name} ended as {run['state']}")
    return run


_WRITING = "the statements that write, and commits"
_STORING = "with looking up, threading, deriving and scoring, which the bare driver does not do"


def storing(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Storing against the bare driver, in turns; and where the time of an import goes."""
    sheet = Sheet("Storing", makers.kind)
    mail = folder / "storing.mbox"
    mailbox.write(mail, 1000 if quick else 5000, seed=2)
    runs, ratios, bare = [], [], []
    for _ in range(1 if quick else 3):
        url, other = makers.new(), makers.new()
        runs.append(once("phases", url, mail, "mbox", pinned=True))
        pages = baseline.pages_of(url, PAGE_SIZE)
        bare.append(baseline.seconds_for(pages, other))
        ratios.append(bare[-1] / runs[-1]["storing"])
        makers.drop(url)
        makers.drop(other)
    count = runs[0]["items"]
    rows = sum(len(some) for page in pages for _, some in page)
    sheet.add("storing, items", [count / run["storing"] for run in runs], "/s", note=f"{count:,} mails, {rows:,} rows")
    sheet.add("the same rows by the bare driver, items", [count / seconds for seconds in bare], "/s")
    writing = [seconds / run["written"] for seconds, run in zip(bare, runs, strict=True)]
    sheet.add("writing as a share of the bare driver's speed", writing, aim=Aim("≥", 0.5), note=_WRITING)
    sheet.add("storing as a share of the bare driver's speed", ratios, aim=Aim("≥", 0.5), note=_STORING)
    whole = [run["file"] + run["words"] + run["storing"] for run in runs]
    parts: dict[str, list[float]] = {
        "reading the file": [run["file"] for run in runs],
        "reading words": [run["words"] for run in runs],
        **{name: [run["parts"].get(name, 0.0) for run in runs] for name in runs[0]["parts"]},
    }
    for name, seconds in sorted(parts.items(), key=lambda part: -min(part[1])):
        share = [100 * part / all_ for part, all_ in zip(seconds, whole, strict=True)]
        each = 1e6 * min(seconds) / count
        sheet.add(f"  of an import: {name}", share, "%", note=f"{each:.0f} µs a mail")
    return sheet
