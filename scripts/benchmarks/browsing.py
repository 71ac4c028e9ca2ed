"""The dashboard in a real Chromium, on a server with many open tasks: how soon it is of use, whether scrolling is
smooth, how long one waits for what one typed or pressed, and how soon another browser shows it."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.benchmarks import browsed, filling
from scripts.benchmarks.browsed import Frames, browser_of
from scripts.benchmarks.databases import Makers, connect, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.once import policy
from scripts.benchmarks.serving import ROOT, Server, watchfloor
from scripts.chromium import NoBrowser, chromium, session_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_OPEN, _QUICK_OPEN = 50_000, 3_000
_ROWS, _QUICK_ROWS = 5_000, 1_000
_MANY_ROWS = 20_000
_ROUNDS, _QUICK_ROUNDS = 7, 3
_WORDS = ("budget", "printer", "invoice", "contract", "security", "shipping", "feedback", "onboarding", "zeppelin")
_PEOPLE = ("bench@example.org", "other@example.org")
_SETTINGS = {"ENVIRONMENT": "development", "SAMPLE_DATA": "false"}
"""A browser without https would not send the cookies of production."""
_SMOOTH, _SOON = Aim("≤", 50), Aim("≤", 1_000)


def dashboard(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """One browser after the other on one server; of each figure as many rounds as there are."""
    sheet = Sheet("Dashboard", makers.kind)
    rounds = _QUICK_ROUNDS if quick else _ROUNDS
    subprocess.run([ROOT / "scripts" / "build"], stdin=subprocess.DEVNULL, capture_output=True, check=True)
    url = makers.new()
    filling.fill(url, 1, (_QUICK_OPEN if quick else _OPEN) * 5 // 3 + 1, policy())
    cursor = connect(url).cursor()
    tasks = cursor.execute("SELECT count(*) FROM tasks WHERE status = 'open'").fetchone()[0]
    tokens = [session_of(text_of(url), person) for person in _PEOPLE]
    try:
        with watchfloor(url, folder, **_SETTINGS) as server, chromium() as browser:
            sheet.add("open tasks", tasks)
            _loads(sheet, browser, server, tokens[0], rounds)
            _scrolls(sheet, browser, server, tokens[0], rounds, quick=quick)
            _acts(sheet, browser, server, tokens, rounds, quick=quick)
            if not quick:
                _memory(sheet, browser, server, tokens[0])
    except NoBrowser as why:
        sheet.add("a browser", 0.0, note=str(why))
    makers.drop(url)
    return sheet


def _loads(sheet: Sheet, browser: "Browser", server: Server, token: str, rounds: int) -> None:
    """A browser that was never here, and the same one again; the first of all is not counted."""
    cold, warm = [], []
    for _ in range(rounds + 1):
        with browser_of(browser, server.port, token) as context:
            page = context.new_page()
            cold.append(browsed.load(page))
            warm.append(browsed.load(page))
    del cold[0], warm[0]
    weight = browsed.zipped_bytes(server.port, cold[-1].scripts) / 1000
    sheet.add("usable, nothing in the cache", [each.usable_ms for each in cold], "ms", aim=_SOON)
    sheet.add("usable, the scripts in the cache", [each.usable_ms for each in warm], "ms", aim=_SOON)
    sheet.add("DOM ready, nothing in the cache", [each.dom_ready_ms for each in cold], "ms")
    note = f"kB, {len(cold[-1].scripts)} files"
    sheet.add("scripts of the first load, gzip", weight, aim=Aim("≤", 250), note=note)
    sheet.add("requests of the first load", [each.requests for each in cold])


def _scrolls(sheet: Sheet, browser: "Browser", server: Server, token: str, rounds: int, *, quick: bool) -> None:
    rows = _QUICK_ROWS if quick else _ROWS
    wheeled: list[Frames] = []
    dragged: list[Frames] = []
    for _ in range(rounds):
        with browser_of(browser, server.port, token) as context:
            page = context.new_page()
            browsed.load(page)
            wheeled.append(browsed.wheel(page, rows))
            dragged.append(browsed.drag(page))
    for called, frames in (
        (f"{rows:,} rows by wheel, fetched meanwhile", wheeled),
        (f"{rows:,} rows dragged", dragged),
    ):
        shown = sum(each.shown for each in frames)
        sheet.add(
            f"{called}: longest frame",
            [each.longest_frame for each in frames],
            "ms",
            aim=_SMOOTH,
            note=f"{shown:,} frames",
        )
        sheet.add("  longest task of the page (0: none over 50)", [each.longest_task for each in frames], "ms")


def _acts(sheet: Sheet, browser: "Browser", server: Server, tokens: list[str], rounds: int, *, quick: bool) -> None:
    rows = _QUICK_ROWS if quick else _ROWS
    with browser_of(browser, server.port, tokens[0]) as context, browser_of(browser, server.port, tokens[1]) as another:
        page, other = context.new_page(), another.new_page()
        browsed.load(page)
        browsed.load(other)
        told = [browsed.complete_for(page, other) for _ in range(rounds)]
        typed = [browsed.search(page, word) for word in _WORDS[: max(rounds, 3)]]
        browsed.load(page)
        browsed.wheel(page, rows)
        page.evaluate("benchMeter.scroller().scrollTop = 0")
        done = [browsed.complete(page) for _ in range(rounds)]
    sheet.add("last key of a search → its result drawn", typed, "ms", aim=Aim("≤", 150))
    sheet.add(f"key → the completed row gone, {rows:,} rows loaded", done, "ms", aim=_SMOOTH)
    sheet.add("key → the row gone in another browser", told, "ms", aim=_SOON)


def _memory(sheet: Sheet, browser: "Browser", server: Server, token: str) -> None:
    with browser_of(browser, server.port, token) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        browsed.load(page)
        before = browsed.heap_mb(session)
        browsed.wheel(page, _MANY_ROWS)
        after = browsed.heap_mb(session)
        rows = page.locator("[data-task]").count()
    sheet.add("the page's heap before scrolling", before, "MB")
    sheet.add(f"the page's heap after {_MANY_ROWS:,} rows", after, "MB", note=f"{rows} rows in the document")
