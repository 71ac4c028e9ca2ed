"""What a stranger's answer may keep when it is stored for diagnosis: its shape and words, never a secret, never without
bound. Pure.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

REDACTED = "«redacted»"
_SECRET_NAME = re.compile(
    r"token|secret|passw|authori[sz]ation|api[-_]?key|credential|cookie|private[-_]?key|signature", re.IGNORECASE
)
_PAGING = re.compile(r"^(?:next_?)?page_?token$|^next_?sync_?token$", re.IGNORECASE)
"""Names of that sort that are no secrets, and say where a page stood."""
_SECRET_TEXT = re.compile(
    r"\b(?:xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|ya29\.[\w.-]{8,}|sk-[\w-]{16,}|gh[pousr]_\w{16,}|secret_\w{16,}|ntn_\w{16,})"
    r"|\bBearer\s+[\w.~+/-]{8,}=*"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|(?<=[?&])(?:access_token|token|key|sig|signature)=[^&\s\"]+"
)
_DEEPEST = 40


def redacted(value: Any, depth: int = 0) -> Any:
    """The same value without what looks like a secret, by its name or by its form."""
    if depth > _DEEPEST:
        return "«too deep»"
    if isinstance(value, Mapping):
        return {str(name): _named(str(name), each, depth) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(each, depth + 1) for each in value]
    if isinstance(value, str):
        return _SECRET_TEXT.sub(REDACTED, value).replace("\x00", "�").encode("utf-8", "replace").decode()
    return value


def _named(name: str, value: Any, depth: int) -> Any:
    if isinstance(value, str) and value and _SECRET_NAME.search(name) and not _PAGING.match(name):
        return REDACTED
    return redacted(value, depth + 1)


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
