"""mbox files: where messages begin, what is unescaped, and that size costs no memory."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.exports.tree import opened
from app.integrations.mail import MBOX
from app.integrations.mail.capture import BASE64_KEPT, MOST_BYTES
from app.integrations.mail.mbox import read_mbox
from app.records import Item, Read, Refusal
from tests.integrations.mail.build import raw

FROM = b"From ada@engine.example Tue Mar 12 09:30:00 2024\n"


def read(path: Path, content: bytes) -> list[Read]:
    path.write_bytes(content)
    return list(MBOX.reader.read(path, Options()))


def items(path: Path, content: bytes) -> list[Item]:
    return [step.what for step in read(path, content) if isinstance(step.what, Item)]


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "inbox.mbox"


def test_messages_are_split_and_placed(box: Path) -> None:
    content = FROM + raw("one") + b"\n\n" + FROM + raw("two", message_id="<2@x.example>") + b"\n"

    steps = read(box, content)

    assert [step.place for step in steps] == ["inbox.mbox, message 1", "inbox.mbox, message 2"]
    assert [step.what.text for step in steps if isinstance(step.what, Item)] == ["one", "two"]
    assert steps[-1].progress.done == steps[-1].progress.total == len(content)


def test_lines_end_either_way(box: Path) -> None:
    content = (FROM + raw("one") + b"\n\n" + FROM + raw("two")).replace(b"\n", b"\r\n")

    assert [item.text for item in items(box, content)] == ["one", "two"]


@pytest.mark.parametrize(
    "line",
    [
        b"From 1790000000000000001@xxx Tue Aug 08 12:36:29 +0000 2023\n",
        b"From MAILER-DAEMON Fri Apr  6 16:46:09 2001\n",
        b"From - Tue Mar 12 09:30:00 2024\n",
        b"From ada at engine.example  Tue Mar 12 09:30:00 2024\n",
        b"From ada@x.example Tue, 12 Mar 2024 09:30:00 +0100\n",
    ],
)
def test_from_lines_as_programs_write_them(box: Path, line: bytes) -> None:
    assert len(items(box, line + raw("one") + b"\n\n" + line + raw("two"))) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"\nFrom here on Tuesday it is downhill.\n",
        b"no empty line before\n" + FROM,
        b"\nFrom ada@engine.example with love\n",
    ],
)
def test_text_that_begins_with_from_separates_nothing(box: Path, body: bytes) -> None:
    assert len(items(box, FROM + raw(body) + b"\n\n" + FROM + raw("two"))) == 2


def test_escaped_lines_lose_one_mark(box: Path) -> None:
    (only,) = items(box, FROM + raw(">From the start\nplain\n"))

    assert only.text == "From the start\nplain"


def test_the_from_line_dates_a_message_that_has_no_date(box: Path) -> None:
    (only,) = items(box, FROM + raw(date=""))

    assert only.sent_at is not None
    assert only.sent_at.isoformat() == "2024-03-12T09:30:00+00:00"


def test_an_empty_message_is_refused_by_name(box: Path) -> None:
    steps = read(box, FROM + b"\n\n" + FROM + raw("two"))

    assert steps[0].what == Refusal("inbox.mbox, message 1", "It is empty.")


def test_a_byte_order_mark_and_empty_lines_come_before_the_first_message(box: Path) -> None:
    assert len(items(box, b"\xef\xbb\xbf\n\n" + FROM + raw() + b"\n\n" + FROM + raw())) == 2


@pytest.mark.parametrize(("name", "category"), [("Trash.mbox", "trash"), ("Drafts.mbox", "draft"), ("Spam", "spam")])
def test_a_box_named_like_a_folder_says_so_about_its_messages(tmp_path: Path, name: str, category: str) -> None:
    (only,) = items(tmp_path / name, FROM + raw())

    assert only.automation is not None
    assert only.automation.category == category


def test_messages_of_a_sent_box_are_ours(tmp_path: Path) -> None:
    assert items(tmp_path / "Sent.mbox", FROM + raw())[0].outgoing is True


def test_a_gzipped_box_is_read_as_it_is(tmp_path: Path) -> None:
    assert len(items(tmp_path / "a.mbox.gz", gzip.compress(FROM + raw("one") + b"\n\n" + FROM + raw("two")))) == 2


def test_a_gzipped_box_that_is_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(FROM + raw("one") + b"\n\n" + FROM + b"Subject: x\n\n" + b"y\n" * 50_000_000)
    path = tmp_path / "a.mbox.gz"
    path.write_bytes(bomb)
    with opened(path) as tree:
        read = list(read_mbox(tree.entries[0]))

    assert len(bomb) < 1_000_000
    assert "a bomb" in str(read[-1].what)


def test_a_gzipped_box_that_is_cut_off_gives_what_it_can_and_a_refusal(tmp_path: Path) -> None:
    lots = b"".join(FROM + raw(f"{n} " * 400, message_id=f"<{n}@x.example>") + b"\n\n" for n in range(500))
    packed = gzip.compress(lots)

    steps = read(tmp_path / "a.mbox.gz", packed[: len(packed) // 2])

    assert any(isinstance(step.what, Item) for step in steps)
    assert isinstance(steps[-1].what, Refusal)
    assert "damaged or cut off" in steps[-1].what.why


def test_attachments_are_left_out_while_streaming_and_keep_their_size(box: Path) -> None:
    encoded = b"QUJD" * 19 + b"\n"
    count = 8 * BASE64_KEPT // len(encoded)
    head = "--e\n\nsee below\n--e\nContent-Type: image/x-raw; name=big.raw\nContent-Transfer-Encoding: base64\n\n"
    body = head.encode() + encoded * count + b"--e\n\nand after\n--e--\n"

    (only,) = items(box, FROM + raw(body, content_type="multipart/mixed; boundary=e"))

    assert only.text == "see below\n\nand after"
    assert only.attachments[0].size == pytest.approx(57 * count, abs=60)
    assert only.problems == ()


@pytest.mark.parametrize("line", [b"word salad for everyone\n" * 40_000, b"x" * 1_000_000, b"QUJD" * 250_000])
def test_a_huge_message_is_cut_within_bounded_memory(box: Path, line: bytes) -> None:
    with box.open("wb") as out:
        out.write(FROM + raw())
        for _ in range(40):
            out.write(line)
    tracemalloc.start()

    (step,) = list(MBOX.reader.read(box, Options()))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(step.what, Item)
    assert any("too large" in problem for problem in step.what.problems)
    assert peak < 6 * MOST_BYTES
