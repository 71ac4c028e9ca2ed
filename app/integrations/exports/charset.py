"""Bytes of unknown honesty into clean text.

Declared charsets are often wrong, misspelt or hostile; every function here is total and returns text without
NUL, lone surrogates or control characters. Names follow the WHATWG encoding labels where mail agrees with the
web: ``iso-8859-1`` means Windows-1252, ``gb2312`` means GB 18030 (https://encoding.spec.whatwg.org/#names-and-labels).
"""

import binascii
import codecs
import re
from functools import lru_cache

ALIASES = {
    "ascii": "us-ascii",
    "ansi": "cp1252",
    "ansi_x3.4-1968": "us-ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "cp-850": "cp850",
}
# Says nothing about the bytes: what such mail holds is UTF-8 or Windows-1252.
SILENT = {
    "",
    "us-ascii",
    "unknown",
    "x-unknown",
    "unknown-8bit",
    "x-user-defined",
    "default",
    "utf-8",
    "utf8",
}
# Python codecs that are no charsets; decoding punycode and idna also takes quadratic time.
NOT_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}

NAME = re.compile(r"[A-Za-z0-9._:+-]{1,40}\Z")
# Everything below U+0020 but tab and newline, DEL and the C1 range, lone surrogates, non-characters.
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ENCODED_WORD = re.compile(r"=\?([^\s?*]{1,60})(?:\*[^\s?]{0,30})?\?([bBqQ])\?([^?]*)\?=")
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def clean(text: str) -> str:
    """`text` with ``\\n`` as the only line end and without characters that databases and terminals refuse."""
    if UNCLEAN.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return UNCLEAN.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


@lru_cache(maxsize=512)
def codec(name: str) -> str | None:
    """Python's name of the charset `name`, "" where the name says nothing, None where it is unknown."""
    name = name.strip("\"' \t;").lower()
    name = ALIASES.get(name, name)
    if name in SILENT:
        return ""
    if not NAME.match(name):
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_charset = info._is_text_encoding and info.name.replace("-", "_") not in NOT_CHARSETS
    return info.name if is_charset else None


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """`data` as clean text, and a note in words where the charset had to be guessed ("" where not)."""
    if data.isascii() and codec(declared) == "":
        return clean(data.decode("ascii")), ""
    name = codec(declared)
    for candidate in (name, "utf-8"):
        if not candidate:
            continue
        try:
            return clean(data.decode(candidate)), "" if name is not None else unknown(declared, candidate)
        except (UnicodeError, ValueError):
            continue
    return clean(data.decode("cp1252", "replace")), guess(data, declared, name)


def unknown(declared: str, used: str) -> str:
    return f"charset “{clean(declared)[:40]}” is unknown, read as {used}"


def guess(data: bytes, declared: str, name: str | None) -> str:
    if name is None:
        return unknown(declared, "Windows-1252")
    if not name:
        return "bytes are not valid UTF-8, read as Windows-1252"
    return f"{len(data)} bytes are not valid {clean(declared)[:40]}, read as Windows-1252"


def base64_bytes(data: bytes) -> bytes:
    """Decoded leniently: foreign characters are skipped, missing padding is supplied."""
    data = data.translate(None, NOT_BASE64)
    data = data[: len(data) - 1] if len(data) % 4 == 1 else data
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return base64_bytes(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)


def decode_words(text: str) -> tuple[str, str]:
    """A header's text with its encoded words (RFC 2047) read, and a note as in `decode`.

    Neighbours of one charset are joined before decoding: real mailers split inside characters.
    """
    if "=?" not in text:
        return clean(text), ""
    out: list[str] = []
    note = ""
    pending, charset, end = b"", "", 0
    for word in ENCODED_WORD.finditer(text):
        gap = text[end : word.start()]
        joins = bool(pending or end) and not gap.strip()
        if pending and not (joins and word[1].lower() == charset):
            piece, said = decode(pending, charset)
            out.append(piece)
            note, pending = note or said, b""
        if not joins:
            out.append(gap)
        charset, end = word[1].lower(), word.end()
        pending += word_bytes(word[2], word[3])
    piece, said = decode(pending, charset)
    return clean("".join([*out, piece, text[end:]])), note or said
