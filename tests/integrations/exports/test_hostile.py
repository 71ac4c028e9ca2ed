"""Archives that are damaged or made to do harm: each is refused or contained in words, and all else is read."""

import bz2
import stat
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.exports import limits
from app.integrations.exports.tree import Damaged, glance, opened
from tests.integrations.exports.archives import Forged, zip_bytes, zip_file


def reasons(path: Path) -> dict[str, str]:
    with opened(path) as tree:
        return {refusal.what: refusal.why for refusal in tree.refusals}


def readable(path: Path) -> list[str]:
    with opened(path) as tree:
        return [entry.name for entry in tree.entries if len(entry.read()) == entry.size]


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"../../etc/passwd", "leads out of the archive"),
        (b"a/../../b", "leads out of the archive"),
        (b"..\\..\\b", "leads out of the archive"),
        (b"/etc/passwd", "leads out of the archive"),
        (b"\\\\server\\share", "leads out of the archive"),
        (b"C:\\Windows\\x", "leads out of the archive"),
        (b"a.txt\0.exe", "NUL"),
        (b"x" * 2000, "longer than"),
        (b"d/" * 200 + b"x", "longer than"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_and_the_rest_is_read(tmp_path: Path, name: bytes, why: str) -> None:
    path = Forged().add(name).add(b"honest.txt").at(tmp_path)

    (said,) = reasons(path).values()

    assert why in said
    assert readable(path) == ["honest.txt"]


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (Forged().add(b"x", mode=stat.S_IFLNK | 0o777), "It is a link"),
        (Forged().add(b"x", mode=stat.S_IFIFO | 0o600), "not a regular file"),
        (Forged().add(b"x", flags=1), "encrypted"),
        (Forged().add(b"x", flags=0x41), "encrypted"),
        (Forged().add(b"x", method=99), "encrypted"),
        (Forged().add(b"x", method=93), "Zstandard"),
        (Forged().add(b"x", method=77), "method 77"),
        (Forged().add(b"x", size=2**31, method=8), "zip bomb"),
    ],
)
def test_what_can_not_be_read_is_refused_by_its_record(tmp_path: Path, forged: Forged, why: str) -> None:
    path = forged.add(b"honest.txt").at(tmp_path)

    assert why in reasons(path)["x"]
    assert readable(path) == ["honest.txt"]


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (Forged().add(b"x", crc=1), "checksum"),
        (Forged().add(b"x", b"longer than said", size=4), "longer than the 4 bytes"),
        (Forged().add(b"x", b"short", size=50), "ends after 5 of 50 bytes"),
        (Forged().add(b"x", b"q" * 900, method=8, packed=deflated(b"q" * 900)[:-3]), "end too early"),
        (Forged().add(b"x", b"q" * 900, method=8, packed=b"\xff" * 90), "damaged"),
        (Forged().add(b"x", b"q" * 900, method=12, packed=b"no bzip2"), "damaged"),
        (Forged().add(b"x", b"q" * 9_000_000, method=8, packed=deflated(b"q" * 9_000_000), size=100), "longer than"),
    ],
)
def test_content_that_is_not_what_its_record_says_is_damaged(tmp_path: Path, forged: Forged, why: str) -> None:
    path = forged.add(b"y").at(tmp_path)

    with opened(path) as tree:
        bad, good = tree.entries
        with pytest.raises(Damaged, match=why):
            bad.read()
        assert good.read() == b"text"


def test_what_stands_before_the_damage_is_given_first(tmp_path: Path) -> None:
    path = Forged().add(b"x", b"a line\n" * 10, crc=1).at(tmp_path)

    with opened(path) as tree, tree.entries[0].open() as stream:
        assert stream.read(1000) == b"a line\n" * 10
        with pytest.raises(Damaged):
            stream.read(1000)


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    forged = Forged().add(b"kernel", b"q" * 4000)
    for number in range(50):
        forged.add(b"copy %d" % number, b"q" * 4000, at=0)

    said = reasons(forged.at(tmp_path))

    assert len(said) == 50
    assert all("overlaps" in why for why in said.values())


def test_of_files_with_one_name_the_last_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    path = Forged().add(b"x", b"old").add(b"x", b"new").at(tmp_path)

    with opened(path) as tree:
        assert [entry.read() for entry in tree.entries] == [b"new"]
        assert "more than once" in tree.refusals[0].why


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04", b"<html>no</html>"])
def test_a_zip_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)

    (why,) = reasons(path).values()

    assert why == "The file is empty." if not content else "truncated or not a zip" in why
    assert readable(path) == []


def test_a_truncated_archive_says_so(tmp_path: Path) -> None:
    whole = zip_bytes({"a.txt": "a" * 1000, "b.txt": "b"})
    path = tmp_path / "export.zip"
    path.write_bytes(whole[:-30])

    assert "truncated or not a zip" in reasons(path)["export.zip"]


def test_a_directory_that_is_damaged_in_the_middle_gives_what_stands_before(tmp_path: Path) -> None:
    forged = Forged().add(b"first")
    before = len(forged.directory)
    forged.add(b"second")
    forged.directory = forged.directory[:before] + b"\0" + forged.directory[before + 1 :]
    path = forged.at(tmp_path)

    assert readable(path) == ["first"]
    assert "directory is damaged" in reasons(path)["forged.zip"]


def test_archives_are_read_only_so_deep(tmp_path: Path) -> None:
    content = zip_bytes({"note.txt": "deep"})
    for _ in range(limits.MOST_DEPTH - 1):
        content = zip_bytes({"inner.zip": content})
    (tmp_path / "deep.zip").write_bytes(content)
    (tmp_path / "deeper.zip").write_bytes(zip_bytes({"inner.zip": content}))

    assert readable(tmp_path / "deep.zip") == ["note.txt"]
    assert "unpack it first" in reasons(tmp_path / "deeper.zip")["inner.zip"]


BOMB = bytes(30_000_000)


def all_of(path: Path) -> None:
    with opened(path) as tree, tree.entries[0].open() as stream:
        while stream.read(65_536):
            pass


@pytest.mark.parametrize(("method", "packed"), [(8, deflated(BOMB)), (12, bz2.compress(BOMB))])
def test_a_bomb_costs_no_memory(tmp_path: Path, method: int, packed: bytes) -> None:
    path = Forged().add(b"x", method=method, packed=packed, size=7_000_000, crc=0).at(tmp_path)

    tracemalloc.start()
    with pytest.raises(Damaged, match="longer than"):
        all_of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 12_000_000


def test_links_and_pipes_in_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "root" / "loop").symlink_to(tmp_path / "root")

    assert set(reasons(tmp_path / "root")) == {"link", "loop"}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Grüße.txt".encode(), "Grüße.txt"),
        ("日本語の予定.txt".encode("cp932"), "日本語の予定.txt"),
        ("Grüße.txt".encode("cp437"), "Grüße.txt"),
        (b"dir\\file.txt", "dir/file.txt"),
        (b"./dir//file.txt", "dir/file.txt"),
    ],
)
def test_names_without_a_charset_are_read_as_what_they_look_like(tmp_path: Path, raw: bytes, name: str) -> None:
    assert readable(Forged().add(raw).at(tmp_path)) == [name]


def test_a_name_that_lies_about_being_utf_8_costs_only_some_characters(tmp_path: Path) -> None:
    assert readable(Forged().add(b"a\xff.txt", flags=0x800).at(tmp_path)) == ["a\ufffd.txt"]


def test_64_bit_sizes_are_read(tmp_path: Path) -> None:
    extra = struct.pack("<2HQ", 1, 8, 4)

    assert readable(Forged().add(b"x", size=0xFFFFFFFF, extra=extra).at(tmp_path)) == ["x"]


def exercise(path: Path) -> None:
    glance(path)
    with opened(path) as tree:
        for entry in tree.entries:
            try:
                entry.read(100_000)
            except (Damaged, OSError):
                continue


VALID = zip_bytes({"a/b.json": b"{}" * 300, "c.txt": b"text", "inner.zip": zip_bytes({"d.md": "# D"})})


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=12),
    end=st.integers(0, len(VALID)) | st.just(len(VALID)),
)
def test_no_mutation_of_an_archive_raises(changes: list[tuple[int, int]], end: int) -> None:
    content = bytearray(VALID)
    for place, value in changes:
        content[place] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        path.write_bytes(content[:end])
        exercise(path)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x.zip", "x"]), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_no_bytes_raise(content: bytes, name: str, magic: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(magic + content)
        exercise(path)


def test_more_than_is_asked_for_is_not_held(tmp_path: Path) -> None:
    path = zip_file(tmp_path, {"x": b"q" * 1000})

    with opened(path) as tree, pytest.raises(Damaged, match="larger than the 999 bytes"):
        tree.entries[0].read(999)


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files can be counted on Linux alone")
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("packed", [True, False], ids=["in an archive", "in a folder"])
def test_thousands_of_archives_use_up_no_file_handles(tmp_path: Path, method: int, packed: bool) -> None:
    parts = {f"{number}.zip": zip_bytes({f"{number}.txt": f"text {number}"}, method) for number in range(300)}
    path = tmp_path / "export"
    if packed:
        path.write_bytes(zip_bytes(parts, method))
    else:
        path.mkdir()
        for name, content in parts.items():
            (path / name).write_bytes(content)
    before = handles()

    with opened(path) as tree:
        assert handles() - before < 80
        assert {entry.read().decode() for entry in tree.entries} == {f"text {number}" for number in range(300)}
    assert handles() == before


def test_archives_three_deep_lie_in_one_spool_without_mixing(tmp_path: Path) -> None:
    inner = {f"{number}.zip": zip_bytes({"deep.txt": str(number) * 400_000}) for number in range(3)}
    path = zip_file(tmp_path, {"one.zip": zip_bytes({**inner, "a.txt": "a"}), "b.txt": "b"})

    with opened(path) as tree:
        found = {entry.name: entry.read()[:3].decode() for entry in tree.entries}
    deep = {f"one.zip/{number}.zip/deep.txt": str(number) * 3 for number in range(3)}
    assert found == {"b.txt": "b", "one.zip/a.txt": "a", **deep}


def test_files_are_counted_over_all_archives_and_what_is_too_much_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ENTRIES", 50)
    part = {f"{number}.txt": "" for number in range(20)}
    path = zip_file(tmp_path, {f"{letter}.zip": zip_bytes(part) for letter in "abcdef"} | {"own.txt": ""})

    with opened(path) as tree:
        assert len(tree.entries) <= 50
        assert [(one.what, one.why) for one in tree.refusals] == [
            ("export.zip", "It holds more than 50 files; the rest is left out.")
        ]


def test_a_folder_is_read_up_to_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ENTRIES", 5)
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("")

    assert reasons(tmp_path) == {tmp_path.name: "It holds more than 5 files; the rest is left out."}
    assert len(readable(tmp_path)) == 5


def test_of_many_files_that_are_left_out_only_the_first_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_REFUSALS", 3)
    forged = Forged()
    for number in range(10):
        forged.add(b"../%d" % number)

    with opened(forged.at(tmp_path)) as tree:
        assert [one.what for one in tree.refusals] == ["../0", "../1", "../2", "forged.zip"]
        assert tree.refusals[-1].why.startswith("7 more of its files are left out")
