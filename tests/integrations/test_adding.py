"""docs/add-an-integration.md is true: kinds that are pulled are made as it says, and nothing else names new ones."""

import importlib
import re
from pathlib import Path

import pytest

from app.integrations.contract import Manifest
from app.integrations.pulling import LiveSettings
from app.integrations.registry import KINDS
from app.settings import PROJECT_ROOT
from scripts.fake_composio import worlds
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.toolkit import Changeable

PAGE = (PROJECT_ROOT / "docs" / "add-an-integration.md").read_text(encoding="utf-8")
INDEX = (PROJECT_ROOT / "docs" / "integrations" / "README.md").read_text(encoding="utf-8")
PULLED = {kind: manifest for kind, manifest in KINDS.items() if manifest.live}
OLDER = {"gmail", "slack", "notion"}
"""They read exports too, or are part of the sample and the demo, and are named there."""
NEWER = sorted(PULLED.keys() - OLDER)
LISTED = PAGE.partition("## The files")[2].partition("**The count")[0]
FILES = re.findall(r"^\| `([^`]+)` \| (.+?) \|", LISTED, re.MULTILINE)


def folder(manifest: Manifest) -> Path:
    """Where a kind's modules lie, from app/integrations on."""
    assert manifest.live is not None
    module = importlib.import_module(manifest.live.settings.__module__)
    assert module.__file__ is not None
    return Path(module.__file__).parent.relative_to(PROJECT_ROOT / "app" / "integrations")


def test_the_page_lists_four_new_files_and_two_that_are_touched() -> None:
    assert [new for _, new in FILES].count("new") == 4
    assert [path for path, new in FILES if new != "new"] == [
        "docs/integrations/README.md",
        "app/integrations/registry.py",
    ]


@pytest.mark.parametrize("kind", NEWER)
def test_a_kind_has_every_file_that_the_page_lists(kind: str) -> None:
    assert all((PROJECT_ROOT / path.replace("<kind>", kind)).exists() for path, _ in FILES)


@pytest.mark.parametrize("kind", PULLED)
def test_a_kind_has_its_folder_its_tests_its_page_and_its_world(kind: str) -> None:
    manifest = PULLED[kind]
    assert manifest.live is not None
    tests = PROJECT_ROOT / "tests" / "integrations" / folder(manifest)
    world = worlds.world(manifest.live.toolkit)
    writing = manifest.writing.tools if manifest.writing else ()

    assert list(tests.glob("test_*.py"))
    assert f"[`{kind}`]({kind}.md)" in INDEX
    assert (PROJECT_ROOT / "docs" / "integrations" / f"{kind}.md").is_file()
    assert isinstance(world(now=real_time), Changeable)
    assert worlds.sizes(manifest.live.toolkit)
    assert set(manifest.live.tools) | set(writing) <= set(worlds.small(manifest.live.toolkit, real_time).tools)


@pytest.mark.parametrize("kind", NEWER)
def test_its_page_names_every_setting(kind: str) -> None:
    live = PULLED[kind].live
    page = (PROJECT_ROOT / "docs" / "integrations" / f"{kind}.md").read_text(encoding="utf-8")
    own = live.settings.model_fields.keys() - LiveSettings.model_fields.keys() if live else set()

    assert [name for name in sorted(own) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("kind", NEWER)
def test_no_other_file_names_a_kind(kind: str) -> None:
    named = re.compile(rf"[\"']{kind}[\"']|\bintegrations\.{kind}\b|\bintegrations import [\w, ]*\b{kind}\b")
    own = {path.replace("<kind>", kind).rstrip("/") for path, _ in FILES}
    naming = {
        str(file.relative_to(PROJECT_ROOT))
        for room in ("app", "scripts")
        for file in (PROJECT_ROOT / room).rglob("*.py")
        if named.search(file.read_text(encoding="utf-8"))
    }

    others = {name for name in naming if not any(name == each or name.startswith(f"{each}/") for each in own)}
    assert {name for name in others if "/gateways/demo/" not in name} == set()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+\.py)`", PAGE))))
def test_the_tests_to_copy_are_there(name: str) -> None:
    assert list((PROJECT_ROOT / "tests" / "integrations").glob(f"*/{name}"))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:app|scripts|tests)/[\w/]+(?:\.py|/))`", PAGE))))
def test_every_path_that_the_page_names_exists(path: str) -> None:
    assert (PROJECT_ROOT / path).exists()
