"""The queue's page in a real browser, and what is measured of it there, by the page's own clock (`meters.js`)."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.chromium import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

_METERS = Path(__file__).with_name("meters.js").read_text(encoding="utf-8")
_AT_REST_MS = 1_500
_ROW = 60
"""Pixels of a row."""
_WHEEL = 900
"""Pixels of one turn: fifteen rows, about what a hard push at a wheel gives for each frame."""
_PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Frames:
    """What scrolling did to the page, in milliseconds."""

    longest_frame: float
    longest_task: float
    shown: int
    """How many frames."""


@dataclass(frozen=True, slots=True)
class Loaded:
    usable_ms: float
    dom_ready_ms: float
    scripts: tuple[str, ...]
    """Addresses of every script that was loaded until the page was at rest."""
    requests: int


@contextmanager
def browser_of(browser: "Browser", port: int, token: str) -> Iterator["BrowserContext"]:
    """As if it were another browser: nothing is in its cache."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(_PATIENCE_MS)
    context.add_init_script(_METERS)
    sign_in(context, token)
    yield context
    context.close()


def load(page: "Page") -> Loaded:
    """Go to the queue, as by its address, and wait until nothing is loaded any more."""
    page.goto("/", wait_until="commit")
    usable = page.evaluate("benchMeter.usable")
    page.wait_for_timeout(_AT_REST_MS)
    found = page.evaluate(
        """() => ({
            ready: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
            asked: performance.getEntriesByType("resource").map(({ name }) => name),
        })"""
    )
    scripts = tuple(name for name in found["asked"] if name.endswith(".js"))
    return Loaded(usable, found["ready"], scripts, len(found["asked"]) + 1)


def zipped_bytes(port: int, scripts: tuple[str, ...]) -> int:
    """What they weigh together as the server sends them to a browser that takes gzip alone."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    weight = 0
    for name in scripts:
        connection.request("GET", f"/{name.split('/', 3)[3]}", headers={"Accept-Encoding": "gzip"})
        weight += len(connection.getresponse().read())
    connection.close()
    return weight


def rows_loaded(page: "Page") -> int:
    """About: headings are lower."""
    return int(page.evaluate("benchMeter.list().offsetHeight")) // _ROW


def wheel(page: "Page", rows: int) -> Frames:
    """Turn the wheel until so many rows have gone by, of a list that fetches them meanwhile."""
    page.mouse.move(700, 500)
    page.evaluate("benchMeter.reset()")
    patience = time.monotonic() + _PATIENCE_MS / 1000 * 3
    while page.evaluate("benchMeter.scroller().scrollTop") < rows * _ROW:
        page.mouse.wheel(0, _WHEEL)
        if time.monotonic() > patience:
            raise RuntimeError(f"the list ends after {rows_loaded(page)} rows")
    return _frames(page)


def drag(page: "Page") -> Frames:
    """Pull the scroll bar's thumb from where it is to the top, to the end and back, over all that is loaded."""
    page.evaluate("benchMeter.scroller().scrollTop = 0")
    page.wait_for_timeout(300)
    box: dict[str, float] = page.evaluate(
        """() => {
            const { right, top, bottom } = benchMeter.scroller().getBoundingClientRect();
            return { x: right - 7, top: top + 22, bottom: bottom - 22 };
        }"""
    )
    page.mouse.move(box["x"], box["top"])
    page.evaluate("benchMeter.reset()")
    page.mouse.down()
    page.mouse.move(box["x"], box["bottom"], steps=40)
    page.mouse.move(box["x"], box["top"] + 5, steps=20)
    page.mouse.move(box["x"], box["bottom"] - 60, steps=10)
    page.mouse.up()
    if not page.evaluate("benchMeter.scroller().scrollTop"):
        raise RuntimeError("the scroll bar was not dragged")
    return _frames(page)


def search(page: "Page", words: str) -> float:
    """Type a word; milliseconds from its last key to the drawn result."""
    field = page.get_by_role("searchbox", name="Search tasks")
    field.fill("")
    _watch(page, "() => !location.search.includes('q=') && benchMeter.list()?.ariaBusy === 'false'")
    page.evaluate("benchMeter.watched")
    page.wait_for_timeout(500)
    field.press_sequentially(words[:-1], delay=45)
    _watch(
        page,
        """(words) => new URLSearchParams(location.search).get("q")?.includes(words)
            && benchMeter.list()?.ariaBusy === "false"
            && document.querySelector("[data-task] a")?.textContent.toLowerCase().includes(words)""",
        words,
    )
    field.press(words[-1])
    return _since_key(page)


def complete(page: "Page") -> float:
    """Complete the task one stands on by its key; milliseconds until its row is gone."""
    page.keyboard.press("j")
    task = page.evaluate("Number(document.activeElement.dataset.task)")
    page.wait_for_timeout(400)
    _watch(page, "(id) => !benchMeter.row(id)", task)
    page.keyboard.press("e")
    return _since_key(page)


def complete_for(page: "Page", other: "Page") -> float:
    """The same; milliseconds from the key here to the row's going in another browser, by the machine's clock."""
    page.keyboard.press("j")
    task = page.evaluate("Number(document.activeElement.dataset.task)")
    if not other.evaluate("(id) => !!benchMeter.row(id)", task):
        raise RuntimeError("the other browser does not show the task")
    _watch(other, "(id) => !benchMeter.row(id)", task)
    page.keyboard.press("e")
    pressed = page.evaluate("performance.timeOrigin + benchMeter.key")
    return float(other.evaluate("benchMeter.watched.then((at) => performance.timeOrigin + at)") - pressed)


def heap_mb(session: "CDPSession") -> float:
    """What the page's scripts hold, after what nobody needs was collected."""
    session.send("HeapProfiler.collectGarbage")
    found: dict[str, Any] = session.send("Runtime.getHeapUsage")
    return float(found["usedSize"]) / 1e6


def _watch(page: "Page", is_there: str, argument: object = None) -> None:
    """Begin to wait for something to be drawn; `benchMeter.watched` says when it was."""
    page.evaluate(
        f"(argument) => {{ const isThere = {is_there};"
        " benchMeter.watched = benchMeter.drawn(() => isThere(argument)); }",
        argument,
    )


def _since_key(page: "Page") -> float:
    return float(page.evaluate("benchMeter.watched.then((at) => at - benchMeter.key)"))


def _frames(page: "Page") -> Frames:
    found = page.evaluate(
        "[Math.max(...benchMeter.frames), Math.max(0, ...benchMeter.tasks), benchMeter.frames.length]"
    )
    return Frames(*found)
