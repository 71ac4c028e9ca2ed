"""Folders of message files, maildirs, and which kind a path is."""

import os
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.mail import EML, MAILDIR, MBOX
from app.integrations.registry import KINDS, Unrecognised, recognise
from app.records import Item, Read, Refusal
from tests.integrations.mail.build import raw

FROM = b"From ada@engine.example Tue Mar 12 09:30:00 2024\n"


def write(root: Path, name: str, content: bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def outcomes(steps: list[Read]) -> dict[str, str]:
    return {step.place: step.what.why if isinstance(step.what, Refusal) else step.what.text for step in steps}


def test_a_folder_is_read_by_path_and_what_is_no_mail_is_refused_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path, "b/one.eml", raw("one"))
    write(tmp_path, "a/no-suffix", raw("two"))
    write(tmp_path, "c/box", FROM + raw("three") + b"\n\n" + FROM + raw("four"))
    write(tmp_path, "d/empty.eml", b"")
    write(tmp_path, "d/notes.txt", b"Name: garden\nItems: 12\n\nSubject: to change\n")
    write(tmp_path, "d/picture.png", b"\x89PNG\r\n\x1a\n\0\0")

    steps = list(EML.reader.read(tmp_path, Options()))

    assert outcomes(steps) == {
        "a/no-suffix": "two",
        "b/one.eml": "one",
        "c/box, message 1": "three",
        "c/box, message 2": "four",
        "d/empty.eml": "The file is empty.",
        "d/notes.txt": "It is not a mail message.",
        "d/picture.png": "It is not a mail message.",
    }
    assert steps[-1].progress.done == steps[-1].progress.total


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    secret = write(tmp_path, "outside/secret.eml", raw("secret"))
    inside = write(tmp_path, "inside/one.eml", raw("one")).parent
    (inside / "link.eml").symlink_to(secret)
    (inside / "loop").symlink_to(inside)

    found = outcomes(list(EML.reader.read(inside, Options())))

    assert found == {
        "link.eml": "It is a link that leads out of the folder; it was not followed.",
        "one.eml": "one",
    }


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.eml")

    assert outcomes(list(EML.reader.read(tmp_path, Options()))) == {"pipe.eml": "It is not a regular file."}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "closed.eml", raw()).chmod(0)

    assert outcomes(list(EML.reader.read(tmp_path, Options())))["closed.eml"].startswith("It can't be opened: ")


def test_a_missing_path_raises(tmp_path: Path) -> None:
    for kind in (kind for kind in KINDS.values() if kind.file_hint):
        with pytest.raises(OSError, match="No such file"):
            list(kind.reader.read(tmp_path / "nowhere", Options()))


def test_apple_message_files_are_read_with_their_flags(tmp_path: Path) -> None:
    message = raw("from Apple")
    plist = b"<?xml version='1.0'?><plist><dict><key>flags</key><integer>17</integer></dict></plist>"
    path = write(tmp_path, "1.emlx", b"%d\n" % len(message) + message + plist)

    (step,) = list(EML.reader.read(path, Options()))

    assert isinstance(step.what, Item)
    assert (step.what.text, step.what.unread, step.what.starred) == ("from Apple", False, True)


def test_a_maildir_gives_flags_folders_and_no_half_delivered_mail(tmp_path: Path) -> None:
    write(tmp_path, "cur/1.host:2,FS", raw("seen", message_id="<1@x.example>"))
    write(tmp_path, "new/2.host", raw("fresh", message_id="<2@x.example>"))
    write(tmp_path, "tmp/3.host", raw("half"))
    write(tmp_path, ".Sent/cur/4.host:2,S", raw("ours", message_id="<4@x.example>"))
    write(tmp_path, ".Sent/new/keep", b"")
    write(tmp_path, ".Archive.Entw&APw-rfe/cur/5.host:2,S", raw("old", message_id="<5@x.example>"))
    write(tmp_path, ".Archive.Entw&APw-rfe/new/6.host", raw("older", message_id="<6@x.example>"))

    steps = list(MAILDIR.reader.read(tmp_path, Options()))
    by_text = {step.what.text: step.what for step in steps if isinstance(step.what, Item)}

    assert set(by_text) == {"seen", "fresh", "ours", "old", "older"}
    assert (by_text["seen"].unread, by_text["seen"].starred) == (False, True)
    assert (by_text["fresh"].unread, by_text["fresh"].labels) == (True, ())
    assert (by_text["ours"].outgoing, by_text["ours"].labels) == (True, ("Sent",))
    assert by_text["old"].labels == ("Archive/Entwürfe",)
    assert outcomes(steps)[".Sent/new/keep"] == "The file is empty."


def test_each_kind_is_recognised_by_content(tmp_path: Path) -> None:
    box = write(tmp_path, "boxes/anything.bin", FROM + raw())
    message = write(tmp_path, "messages/anything.txt", raw())
    write(tmp_path, "dir/cur/1:2,S", raw())
    write(tmp_path, "dir/new/2", raw())

    assert recognise(box) is recognise(box.parent) is MBOX
    assert recognise(message) is recognise(message.parent) is EML
    assert recognise(tmp_path / "dir") is MAILDIR


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is an empty file"),
        (b"PK\x03\x04", "zip archive"),
        (b"\0\1\2", "binary file"),
        (b"Dear diary", "looks like text, in no form that is known here"),
    ],
)
def test_what_fits_nothing_is_told_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = write(tmp_path, "thing", content)

    with pytest.raises(Unrecognised, match=said) as raised:
        recognise(path)

    assert str(raised.value).startswith("thing ")


def test_the_registry_knows_each_kind_by_its_name() -> None:
    assert all(manifest.kind == kind for kind, manifest in KINDS.items())
    assert {"maildir", "mbox", "eml"} <= set(KINDS)
