"""Header blocks, parameters, encoded words, address lists."""

import pytest

from app.integrations.exports.charset import decode, decode_words
from app.integrations.mail.addresses import people
from app.integrations.mail.headers import parameters, read_headers
from app.records import Person


def test_folded_headers_are_joined_and_the_body_begins_after_the_empty_line() -> None:
    data = b"Subject: one\r\n two\r\n\tthree\r\n\r\nbody"

    headers, body = read_headers(data, 0, len(data))

    assert headers.words("subject") == "one two three"
    assert data[body:] == b"body"


def test_a_broken_line_between_headers_costs_only_itself() -> None:
    data = b"From: a@b.example\nthis is no header\nTo: c@d.example\n\nbody"

    headers, body = read_headers(data, 0, len(data))

    assert (headers.get("from"), headers.get("to")) == ("a@b.example", "c@d.example")
    assert data[body:] == b"body"
    assert headers.problems == ["A broken line between the headers was left out."]


def test_text_right_after_the_headers_is_the_body() -> None:
    data = b"From: a@b.example\nno empty line before me"

    _, body = read_headers(data, 0, len(data))

    assert data[body:] == b"no empty line before me"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('text/plain; name="a b.txt"', {"name": "a b.txt"}),
        ("text/plain; name=a b.txt", {"name": "a b.txt"}),
        ("x/y; name*=utf-8''na%C3%AFve.txt", {"name": "naïve.txt"}),
        ("x/y; name*0*=utf-8'en'a%20; name*1=b; name*2*=%2Etxt", {"name": "a b.txt"}),
        ('x/y; name="=?iso-8859-1?q?na=EFve?="', {"name": "naïve"}),
        ('x/y; name="say \\"hi\\""', {"name": 'say "hi"'}),
        ("x/y; name=", {"name": ""}),
    ],
)
def test_parameters_are_read_in_all_the_ways_mailers_write_them(value: str, expected: dict[str, str]) -> None:
    assert parameters(value)[1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?q?Caf=C3=A9?= au lait", "Café au lait"),
        ("=?utf-8?b?w6k=?= =?utf-8?b?w6k=?=", "éé"),
        ("=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "é"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
        ("=?unknown?q?plain?=", "plain"),
        ("=?x?q?", "=?x?q?"),
        ("=?utf-8*en?q?a_b?=", "a b"),
    ],
)
def test_encoded_words(text: str, expected: str) -> None:
    assert decode_words(text)[0] == expected


@pytest.mark.parametrize(
    ("data", "charset", "text", "noted"),
    [
        (b"caf\xc3\xa9", "utf-8", "café", False),
        (b"caf\xe9", "iso-8859-1", "café", False),
        (b"\x93hi\x94", "iso-8859-1", "“hi”", False),
        (b"caf\xc3\xa9", "us-ascii", "café", False),
        (b"caf\xe9", "", "café", True),
        (b"plain", "no-such-charset", "plain", True),
        (b"\x83e\x83X\x83g", "Shift_JIS", "テスト", False),
        (b"a\0b\r\nc", "utf-8", "ab\nc", False),
        (b"xn--a", "punycode", "xn--a", True),
    ],
)
def test_charsets_fall_back_and_say_so(data: bytes, charset: str, text: str, noted: bool) -> None:
    read, note = decode(data, charset)

    assert (read, bool(note)) == (text, noted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada <Ada@X.example>", [("Ada", "ada@x.example")]),
        ("ada@x.example (Ada L.)", [("Ada L.", "ada@x.example")]),
        ('"Lovelace, Ada" <ada@x.example>, bob@y.example', [("Lovelace, Ada", "ada@x.example"), ("", "bob@y.example")]),
        ("Lovelace, Ada <ada@x.example>", [("Lovelace, Ada", "ada@x.example")]),
        ("ada@x.example; bob@y.example", [("", "ada@x.example"), ("", "bob@y.example")]),
        ("undisclosed-recipients:;", []),
        ("Team: ada@x.example, Bob <bob@y.example>;", [("", "ada@x.example"), ("Bob", "bob@y.example")]),
        ("=?utf-8?q?J=C3=B6rg?= <j@x.example>", [("Jörg", "j@x.example")]),
        ("'ada@x.example' <ada@x.example>", [("", "ada@x.example")]),
        ("<mailto:ada@x.example>", [("", "ada@x.example")]),
        ("bob, ada@x.example", [("bob", ""), ("", "ada@x.example")]),
        ("Ada <ada@x.example", [("Ada", "ada@x.example")]),
        ("", []),
    ],
)
def test_people_in_address_lists(text: str, expected: list[tuple[str, str]]) -> None:
    assert people(text) == tuple(Person(name, address) for name, address in expected)
