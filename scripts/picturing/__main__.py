"""scripts/screenshots: serves the company, and takes what is asked for."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.chromium import NoBrowser, chromium, sign_in
from scripts.picturing.company import Company, served
from scripts.picturing.pictures import TooBig, keep
from scripts.picturing.scenes import SCENES, SIZES, Scene, Scheme, Size

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
_SETTLES_MS = 1_200


def main() -> int:
    given = _arguments().parse_args()
    names = given.only.split(",") if given.only else [scene.name for scene in SCENES]
    if unknown := set(names) - {scene.name for scene in SCENES}:
        if unknown != {"list"}:
            say(f"There is no picture {', '.join(sorted(unknown))}.")
        say(f"There are {', '.join(scene.name for scene in SCENES)}.")
        return 0 if unknown == {"list"} else 2
    wanted = [scene for scene in SCENES if scene.name in names]
    given.to.mkdir(parents=True, exist_ok=True)
    try:
        for sample in (True, False):
            some = [scene for scene in wanted if scene.sample is sample]
            if some:
                _take(some, given.to, sample=sample)
    except (NoBrowser, TooBig) as why:
        say(str(why))
        return 1
    return 0


def _take(scenes: list[Scene], folder: Path, *, sample: bool) -> None:
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="watchfloor-pictures."))
        company = stack.enter_context(served(Path(temporary), sample=sample))
        browser = stack.enter_context(chromium())
        for scene in scenes:
            for size, scheme in scene.looks:
                name = "-".join(
                    (scene.name, *(["phone"] if size == "phone" else []), *(["dark"] if scheme == "dark" else []))
                )
                weight = keep(_picture(browser, company, scene, size, scheme), folder / f"{name}.png")
                say(f"{name}.png  {weight / 1000:.0f} kB")


def _picture(browser: "Browser", company: Company, scene: Scene, size: Size, scheme: Scheme) -> bytes:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=company.address,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        timezone_id="Europe/London",
        has_touch=size == "phone",
        is_mobile=size == "phone",
    )
    context.clock.install(time=company.clock())
    if scene.who:
        sign_in(context, company.token)
    page = context.new_page()
    page.goto(scene.path)
    scene.ready(page)
    page.wait_for_timeout(_SETTLES_MS)
    taken = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return taken


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/screenshots")
    parser.add_argument("--only", metavar="NAMES")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images" / "dashboard", metavar="FOLDER")
    return parser


if __name__ == "__main__":
    sys.exit(main())
