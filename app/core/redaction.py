"""What a stranger's answer may keep when it is stored for diagnosis: its shape and words, never a secret, never without
bound.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.core.known_secrets import HIDDEN, concealed

REDACTED = HIDDEN
_SECRET_NAME = re.compile(
    r"token|secret|passw|authori[sz]ation|api[-_]?key|credential|cookie|private[-_]?key|signature", re.IGNORECASE
)
_PAGING = re.compile(r"^(?:next_?)?page_?token$|^next_?sync_?token$", re.IGNORECASE)
"""Names of that sort that are no secrets, and say where a page stood."""
_SECRET_TEXT = re.compile(
    r"\bwf_[0-9a-f]{12}_[\w-]{20,}"
    r"|\b(?:xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|ya29\.[\w.-]{8,}|sk-[\w-]{16,}|gh[pousr]_\w{16,}|secret_\w{16,}|ntn_\w{16,})"
    r"|\b(?:AIza[\w-]{20,}|A(?:KIA|SIA)[0-9A-Z]{16})"
    r"|\bBearer\s+[\w.~+/-]{8,}=*"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|(?<=[?&])(?:access_token|token|key|sig|signature)=[^&\s\"]+"
    r"|(?<=://)[^\s/?#@:\"'<>]{0,200}:[^\s/?#\"'<>]{1,200}(?=@)"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
)
_DEEPEST = 40


def without_secrets(value: Any) -> tuple[Any, bool]:
    """`redacted`, and whether it is no longer what was given."""
    found = redacted(value)
    return found, found != value


def redacted(value: Any) -> Any:
    """The same value without what looks like a secret, by its form, or by a name that it stands under."""
    return _redacted(value, secret=False, depth=0)


def _redacted(value: Any, *, secret: bool, depth: int) -> Any:
    if depth > _DEEPEST:
        return "«too deep»"
    if isinstance(value, Mapping):
        return {
            _text(str(name)): _redacted(each, secret=secret or _is_secret(str(name)), depth=depth + 1)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redacted(each, secret=secret, depth=depth + 1) for each in value]
    if isinstance(value, str):
        return REDACTED if secret and value else _text(value)
    return value


def _text(text: str) -> str:
    """Also one that every database takes."""
    return _SECRET_TEXT.sub(REDACTED, concealed(text)).replace("\x00", "�").encode("utf-8", "replace").decode()


def _is_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _PAGING.match(name)


def bounded(value: Any, most: int) -> tuple[Any, bool]:
    """The value as JSON can hold it in about `most` characters, and whether anything had to be left out for that."""
    if len(_written(value)) <= most:
        return value, False
    for texts, elements in ((2_000, 50), (300, 10), (60, 3)):
        short = _shortened(value, texts, elements)
        if len(_written(short)) <= most:
            return short, True
    return _written(value)[:most], True


def _shortened(value: Any, texts: int, elements: int) -> Any:
    if isinstance(value, dict):
        kept = dict(list(value.items())[: elements * 4])
        return {name: _shortened(each, texts, elements) for name, each in kept.items()}
    if isinstance(value, list):
        rest = [f"«{len(value) - elements} more»"] if len(value) > elements else []
        return [_shortened(each, texts, elements) for each in value[:elements]] + rest
    if isinstance(value, str) and len(value) > texts:
        return f"{value[:texts]}«{len(value) - texts} more characters»"
    return value


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
