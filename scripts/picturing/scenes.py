"""What each picture shows: where it is, and what is done there before it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page

Size = Literal["desk", "phone"]
Scheme = Literal["light", "dark"]
SIZES: dict[Size, tuple[int, int]] = {"desk": (1440, 900), "phone": (390, 844)}
LIGHT: tuple[tuple[Size, Scheme], ...] = (("desk", "light"),)
BOTH: tuple[tuple[Size, Scheme], ...] = (("desk", "light"), ("desk", "dark"), ("phone", "light"))

_TABLE = (
    "Task,State,Deadline,Owner,Opened\n"
    "Count the spare sensors,To do,2026-03-13,Mira Osei,2026-03-02\n"
    "Order labels for batch B-115,Doing,2026-03-10,Priya Raman,2026-03-03\n"
    "Return the loan units from Orchard Vale,Done,2026-03-04,Leo Marchetti,2026-02-20\n"
)
_RULE = """

[[rules]]
id = "pharmacies-first"
title = "Pharmacies first"
when = "sender_domain == 'northgate-pharmacies.example' && turn == 'ours'"
points = 25
say = "Northgate's medicines are in these rooms"
"""
_WRONG_RULE = _RULE.replace("sender_domain", "sender_company")


@dataclass(frozen=True, slots=True)
class Scene:
    """`name` is the file's. `who`: whether somebody is signed in; `sample`: whether the company is there."""

    name: str
    path: str
    ready: Callable[["Page"], None]
    looks: tuple[tuple[Size, Scheme], ...] = LIGHT
    who: bool = True
    sample: bool = True


def _rows(page: "Page") -> None:
    page.locator("[data-task]").first.wait_for()


def _why(page: "Page") -> None:
    _rows(page)
    page.locator("[data-task]").first.click()
    page.get_by_role("complementary", name="Task").get_by_role("heading", name="Why").first.wait_for()


def _palette(page: "Page") -> None:
    _rows(page)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.press_sequentially("sn")


def _bulk(page: "Page") -> None:
    _rows(page)
    page.locator("[data-task]").first.focus()
    for key in ("x", "Shift+j", "Shift+j", "s"):
        page.keyboard.press(key)
    page.get_by_role("dialog").wait_for()


def _heading(name: str) -> Callable[["Page"], None]:
    return lambda page: page.get_by_role("heading", level=1, name=name).wait_for()


def _text(words: str) -> Callable[["Page"], None]:
    return lambda page: page.get_by_text(words).first.wait_for()


def _import(page: "Page") -> None:
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_label("Files to import").set_input_files(
        {"name": "stores.csv", "mimeType": "text/csv", "buffer": _TABLE.encode()}
    )
    columns = page.get_by_role("dialog", name="This is how your columns are read")
    columns.get_by_role("button", name="Import").click()
    page.get_by_role("article", name="Imported stores.csv").wait_for()


def _append(page: "Page", text: str) -> None:
    editor = page.locator(".cm-content")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)
    page.get_by_text("Unsaved changes").wait_for()


def _wrong_rule(page: "Page") -> None:
    _append(page, _WRONG_RULE)
    page.locator(".cm-lintRange-error").first.wait_for()


def _preview(page: "Page") -> None:
    _append(page, _RULE)
    page.get_by_role("link", name="Preview", exact=True).first.click()
    page.get_by_role("heading", name="What differs between the two").wait_for()


SCENES = (
    Scene("queue", "/", _rows, BOTH),
    Scene("why", "/", _why, BOTH),
    Scene("palette", "/", _palette),
    Scene("bulk", "/", _bulk),
    Scene("rules", "/rules", _heading("Rules")),
    Scene("rules-edit", "/rules/edit", _wrong_rule),
    Scene("rules-preview", "/rules/edit", _preview),
    Scene("integrations", "/integrations", _heading("Integrations")),
    Scene("watch", "/watch", _heading("Watch")),
    Scene("watch-trends", "/watch/trends", _heading("Watch")),
    Scene("people", "/people", _heading("People")),
    Scene("settings", "/settings", _heading("Settings")),
    Scene("audit", "/settings/audit", _heading("Settings")),
    # Last of those with the sample, for what it brings in stays.
    Scene("import", "/integrations", _import),
    Scene("sign-in", "/sign-in", _text("Sign in"), (("desk", "light"), ("phone", "dark")), who=False),
    Scene("first-run", "/", _text("Bring in your work"), (("desk", "light"), ("phone", "light")), sample=False),
)
