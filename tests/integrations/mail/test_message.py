"""What one message's bytes become, and that no bytes can do harm."""

import random
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.mail.capture import capture
from app.integrations.mail.labels import Marks
from app.integrations.mail.message import Delivery, to_item
from app.records import Item, Person
from tests.integrations.mail.build import delivered, item, multipart, raw

ARRIVED = datetime(2024, 3, 12, 9, 0, tzinfo=UTC)


def text_of(read: Item) -> str:
    return "".join([read.subject, read.text, read.quoted, read.signature, str(read.sender), *read.problems])


def test_a_plain_message_is_read_whole() -> None:
    read = item("Hello Bob,\nit works.\n-- \nAda", cc="Carol <carol@office.example>", delivered_to="bob@home.example")

    assert read.external_id == "one@engine.example"
    assert read.sender == Person("Ada Lovelace", "ada@engine.example")
    assert read.recipients == (Person("", "bob@office.example"),)
    assert read.copied == (Person("Carol", "carol@office.example"),)
    assert read.sent_at == datetime(2024, 3, 12, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert read.text == "Hello Bob,\nit works."
    assert read.signature == "--\nAda"
    assert read.delivered_to == ("bob@home.example",)
    assert read.automation is None
    assert read.problems == ()


def test_one_broken_header_never_costs_the_rest() -> None:
    read = item(date="the other day", to="<<<>>>,;:", content_type="text/plain; charset=klingon")

    assert (read.text, read.subject, read.sender.address) == ("Hello", "The analytical engine", "ada@engine.example")
    assert read.sent_at is None
    assert read.problems == (
        "Text: charset “klingon” is unknown, read as utf-8.",
        "Date could not be read: “the other day”, and nothing else tells the time.",
    )


def test_a_guessed_charset_is_said() -> None:
    read = item(b"Gr\xfc\xdfe", content_type="text/plain; charset=utf-8")

    assert read.text == "Grüße"
    assert "read as Windows-1252" in read.problems[0]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"no headers at all", b"\0" * 50, b"Subject: only"])
def test_anything_gives_an_item(content: bytes) -> None:
    assert to_item(capture(content)).problems


def test_byte_order_mark_blank_lines_and_mbox_line_before_the_headers_are_skipped() -> None:
    read = to_item(capture(b"\xef\xbb\xbf\r\n\r\nFrom ada@x Tue Mar 12 09:30:00 2024\r\n" + raw()))

    assert read.sender.address == "ada@engine.example"


def test_a_message_without_an_id_gets_one_from_its_content_whatever_was_noted_in_it() -> None:
    first = item("Hello", message_id="")
    marked = item("Hello", message_id="", x_gmail_labels="Inbox,Starred", status="RO")
    crlf = to_item(capture(raw("Hello", message_id="").replace(b"\n", b"\r\n") + b"\r\n"))

    assert first.external_id.startswith("sha256:")
    assert first.external_id == marked.external_id == crlf.external_id
    assert first.external_id != item("Hullo", message_id="").external_id


def test_the_content_hash_ignores_labels_and_follows_the_text() -> None:
    assert item().content_hash == item(x_gmail_labels="Inbox").content_hash
    assert item().content_hash != item("Other").content_hash
    assert len(item().content_hash) == 32


def test_an_address_in_place_of_an_id_is_none() -> None:
    read = item(message_id="<ada@engine.example>", in_reply_to="<bob@office.example>")

    assert read.external_id.startswith("sha256:")
    assert read.keys == (read.external_id,)


def test_a_text_beyond_the_bound_is_cut_and_says_so() -> None:
    read = item("word " * 60_000)

    assert len(read.text) <= 200_000
    assert read.problems == ("The text is longer than 200,000 characters; the rest was left out.",)


def test_what_the_mailbox_knows_is_kept() -> None:
    marks = Marks(("Sent",), frozenset({"sent"}), unread=False, starred=True)
    read = delivered(Delivery(ARRIVED, marks), x_priority="1 (Highest)")

    assert (read.outgoing, read.unread, read.starred, read.important) == (True, False, True, True)
    assert read.labels == ("Sent",)


def test_attachments_are_named_and_measured_and_inline_pictures_are_not_counted() -> None:
    read = multipart(
        "Content-Type: text/plain\n\nsee attached",
        'Content-Type: application/pdf; name="=?utf-8?q?Pl=C3=A4ne.pdf?="\n'
        "Content-Transfer-Encoding: base64\n\nQUJD\nREVG",
        "Content-Type: image/png\nContent-ID: <logo>\n\nxxxx",
    )

    assert [(a.name, a.media_type, a.size) for a in read.attachments] == [("Pläne.pdf", "application/pdf", 6)]
    assert read.text == "see attached"


HOSTILE = {
    "deep nesting": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "one boundary a thousand times": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
    "attached messages in each other": b"Content-Type: message/rfc822\n\n" * 20_000,
    "many headers": b"X-A: b\n" * 100_000 + b"\nbody",
    "a header of 5 MB": b"Subject: " + b"=?utf-8?q?a" * 450_000 + b"\n\nbody",
    "folded 5 MB": b"References:" + b"\n <a@b>" * 600_000 + b"\n\nbody",
    "addresses": b"To: " + b'"a" <(, ' * 100_000 + b"\n\nbody",
    "parameters": b"Content-Type: text/plain; " + b'a*0="; ' * 100_000 + b"\n\nbody",
    "open tags": b"Content-Type: text/html\n\n" + b"<div><style><!--" * 60_000,
    "nested tables": b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 5_000,
    "quotes": b"Subject: x\n\n" + b"> " * 400_000 + b"\n> x" * 100_000,
    "attributions": b"Subject: x\n\n" + b"On 1 a wrote\nb\n" * 30_000,
    "colons": b"Subject: x\n\n" + b"From: a\n" * 60_000,
    "spaces": b"Subject: " + b" " * 100_000 + b"x\n\n" + b" " * 500_000,
    "broken lines": b"From: a\n" + b"broken\n" * 50_000 + b"To: b\n\nbody",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_no_longer_than_its_size_deserves(name: str) -> None:
    started = time.perf_counter()

    read = to_item(capture(HOSTILE[name]))

    assert not any("could not be read (" in problem for problem in read.problems)
    assert time.perf_counter() - started < 10  # what is quadratic takes minutes


SAMPLES = (
    raw("> quoted\nnew\n-- \nme", in_reply_to='Your message of "Monday" <x1@y>', references="<a@b> <c@d>"),
    raw("<p>a<br>b", content_type="text/html; charset=utf-8", content_transfer_encoding="quoted-printable"),
    raw("--e\nContent-Type: text/plain; format=flowed\n\na \nb\n--e--", content_type="multipart/mixed; boundary=e"),
    raw(x_gmail_labels='=?UTF-8?Q?Gesendet,"A,_B"?=', received="from a by b; Tue, 12 Mar 2024 10:00:00 +0100"),
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(content: bytes) -> None:
    assert_clean(to_item(capture(content)))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False), st.integers(1, 12))
def test_no_mutation_of_a_message_raises(sample: bytes, chance: random.Random, times: int) -> None:
    changed = bytearray(sample)
    for _ in range(times):
        at = chance.randrange(len(changed) + 1)
        changed[at : at + chance.randrange(4)] = chance.choice(
            [b"\0", b"=?", b"\n", b'"', b"<", b"\xff", b"--e", b";*0*="]
        )
    assert_clean(to_item(capture(bytes(changed))))


def assert_clean(read: Item) -> None:
    everything = text_of(read)
    assert "\0" not in everything
    everything.encode("utf-8")  # no lone surrogates
    assert not any("could not be read (" in problem for problem in read.problems)
    assert read.external_id
    assert read.sent_at is None or read.sent_at.utcoffset() is not None
