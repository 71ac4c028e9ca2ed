"""An export is the same tree whether it comes as a folder, a zip, a zip of zips or a single file."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.integrations.exports.tree import glance, opened
from tests.integrations.exports.archives import zip_bytes, zip_file

FILES = {"general/2018-01-02.json": "[]", "users.json": "[1]", "empty.txt": ""}


def contents(path: Path) -> dict[str, str]:
    with opened(path) as tree:
        assert tree.refusals == ()
        assert tree.total == sum(entry.size for entry in tree.entries)
        return {entry.name: entry.read().decode() for entry in tree.entries}


def folder_of(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def test_a_folder_and_a_zip_hold_the_same_by_name(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "folder", FILES)

    assert contents(folder) == contents(zip_file(tmp_path, FILES)) == FILES
    assert list(contents(folder)) == sorted(FILES)


def test_parts_of_one_export_become_one_tree_without_their_names(tmp_path: Path) -> None:
    first, second = zip_bytes({"Home/a.md": "# A"}), zip_bytes({"Home/b.md": "# B"})
    together = {"Export-1-Part-1.zip": first, "Export-1-Part-2.zip": second}

    assert contents(zip_file(tmp_path, together)) == {"Home/a.md": "# A", "Home/b.md": "# B"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_an_archive_beside_other_files_is_read_under_its_name(tmp_path: Path, method: int) -> None:
    path = tmp_path / "export.bin"
    path.write_bytes(zip_bytes({"page.md": "x", "files/old.zip": zip_bytes({"a.txt": "a"}, method)}, method))

    assert contents(path) == {"files/old.zip/a.txt": "a", "page.md": "x"}


def test_a_file_is_a_tree_of_one(tmp_path: Path) -> None:
    (tmp_path / "tasks.csv").write_text("a,b")

    assert contents(tmp_path / "tasks.csv") == {"tasks.csv": "a,b"}
    assert glance(tmp_path / "tasks.csv") == ("tasks.csv",)


def test_what_operating_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    clutter = {"__MACOSX/a/._b": "", "a/.DS_Store": "", "Thumbs.db": "", ".git/config": "", "a/b": "kept"}
    folder = folder_of(tmp_path / "folder", clutter)

    assert contents(zip_file(tmp_path, clutter)) == contents(folder) == {"a/b": "kept"}


def test_the_names_are_seen_at_a_glance(tmp_path: Path) -> None:
    names = tuple(sorted(FILES))
    nested = zip_file(tmp_path, {"Part-1.zip": zip_bytes(FILES)}, "nested.zip")

    assert glance(zip_file(tmp_path, FILES)) == glance(nested) == names
    assert sorted(glance(folder_of(tmp_path / "folder", FILES))) == list(names)
    assert glance(tmp_path / "nowhere") == ()
    assert len(glance(nested, 1)) == 1


def test_a_path_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"), opened(tmp_path / "nowhere"):
        pass


def test_times_are_those_of_the_files_in_utc(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    os.utime(tmp_path / "a", (0, 1_500_000_000))

    with opened(tmp_path / "a") as tree:
        assert tree.entries[0].changed_at == datetime.fromtimestamp(1_500_000_000, UTC)
