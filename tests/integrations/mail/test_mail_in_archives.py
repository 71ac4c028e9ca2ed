"""Mail inside zip archives: Takeout's mailboxes, messages, maildirs; and what is no mail is left to other kinds."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.integrations.contract import Manifest, Options
from app.integrations.mail import EML, MAILDIR, MANIFESTS, MBOX
from app.records import Item, Refusal
from tests.integrations.exports.archives import Forged, zip_bytes, zip_file
from tests.integrations.mail.build import raw

FROM = b"From ada@engine.example Tue Mar 12 09:30:00 2024\n"
BOX = FROM + raw("one") + b"\n\n" + FROM + raw("two")


def outcomes(kind: Manifest, path: Path) -> dict[str, str]:
    steps = list(kind.reader.read(path, Options()))
    return {step.place: step.what.why if isinstance(step.what, Refusal) else step.what.text for step in steps}


def recognised(path: Path) -> list[str]:
    return [kind.kind for kind in MANIFESTS if kind.reader.recognises(path)]


def test_a_takeout_archive_gives_its_mailboxes(tmp_path: Path) -> None:
    path = zip_file(tmp_path, {"Takeout/archive_browser.html": "<html>", "Takeout/Mail/Inbox.mbox": BOX})

    assert recognised(path) == ["mbox"]
    assert outcomes(MBOX, path) == {
        "Takeout/Mail/Inbox.mbox, message 1": "one",
        "Takeout/Mail/Inbox.mbox, message 2": "two",
    }


def test_an_archive_of_messages_is_read_by_name_and_the_rest_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, {"a.eml": raw("a"), "b": raw("b"), "c.png": b"\x89PNG\0", "d.eml": b""}, "anything")

    assert recognised(path) == ["eml"]
    assert outcomes(EML, path) == {
        "a.eml": "a",
        "b": "b",
        "c.png": "It is not a mail message.",
        "d.eml": "The file is empty.",
    }


def test_a_zipped_maildir_keeps_its_folders_and_flags(tmp_path: Path) -> None:
    files: Mapping[str, bytes] = {
        "Maildir/cur/1.host:2,FS": raw("seen"),
        "Maildir/new/2.host": raw("fresh"),
        "Maildir/.Sent/cur/3.host:2,S": raw("ours"),
    }
    path = zip_file(tmp_path, files)

    steps = list(MAILDIR.reader.read(path, Options()))
    by_text = {step.what.text: step.what for step in steps if isinstance(step.what, Item)}

    assert recognised(path)[0] == "maildir"
    assert set(by_text) == {"seen", "fresh", "ours"}
    assert (by_text["seen"].unread, by_text["seen"].starred) == (False, True)
    assert (by_text["ours"].outgoing, by_text["ours"].labels) == (True, ("Sent",))
    assert by_text["fresh"].labels == ()


def test_a_mailbox_that_is_damaged_gives_what_stands_before(tmp_path: Path) -> None:
    path = Forged().add(b"box.mbox", BOX, crc=1).add(b"whole.eml", raw("whole")).at(tmp_path)

    found = outcomes(MBOX, path)

    assert found["box.mbox, message 1"] == "one"
    assert "checksum is wrong" in found["box.mbox"]
    assert found["whole.eml"] == "whole"


def test_what_of_an_archive_can_not_be_read_is_counted(tmp_path: Path) -> None:
    path = Forged().add(b"a.eml", raw("a")).add(b"b.eml", flags=1).add(b"../c.eml").at(tmp_path)

    assert outcomes(EML, path) == {
        "a.eml": "a",
        "b.eml": "It is encrypted; unpack it with its password first.",
        "../c.eml": "Its name leads out of the archive.",
    }


@pytest.mark.parametrize(
    "files",
    [
        {"channels.json": "[]", "users.json": "[]", "new/2018-01-02.json": "[]", "cur/2018-01-02.json": "[]"},
        {"Export-1-Part-1.zip": zip_bytes({"Home/Tasks.csv": "Name,Status\na,Done\n", "Home/a.md": "# A\n\nDue: x"})},
        {"a.html": "<p>", "b.html": "<p>", "c.html": "<p>", "attached.eml": raw("attached")},
        {},
    ],
)
def test_exports_of_other_kinds_are_not_taken_for_mail(tmp_path: Path, files: dict[str, bytes | str]) -> None:
    assert recognised(zip_file(tmp_path, files)) == []
