"""What somebody sends to be checked or saved: TOML, a document as JSON, or either of them in an envelope. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domains.ranking.rules import Problem, RulesetInvalid
from app.domains.ranking.spelling import suggestion
from app.domains.rulesets.documents import WHOLE, from_json, to_toml

_ENVELOPE = ("toml", "document", "note", "author", "activate")


@dataclass(frozen=True, slots=True)
class Draft:
    """A ruleset's TOML text, and what was said along with it; None where nothing was."""

    text: str
    note: str | None = None
    author: str | None = None
    activate: bool | None = None
    written: bool = True
    """Somebody wrote the text; False: it was made of JSON, and its lines are nobody's."""


def draft_of(content: bytes, *, is_json: bool) -> Draft:
    """Raises RulesetInvalid for what can't be read as either."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RulesetInvalid([Problem(WHOLE, "is not UTF-8 text", line)]) from error
    if not is_json:
        return Draft(text)
    found = from_json(text)
    if "rules" not in found and ("toml" in found or "document" in found):
        return _opened(found)
    return Draft(to_toml(found), written=False)


def _opened(envelope: Mapping[str, Any]) -> Draft:
    """What an envelope holds. A ruleset's own document is recognised by its rules, and is none."""
    problems = [
        Problem(key, f"there is no such key beside a ruleset{suggestion(key, _ENVELOPE)}", field=key)
        for key in envelope
        if key not in _ENVELOPE
    ]
    toml, document = envelope.get("toml"), envelope.get("document")
    if (toml is None) == (document is None):
        problems.append(Problem(WHOLE, "comes either as toml or as document"))
    problems += _wrong("toml", toml, str, "a text")
    problems += _wrong("document", document, Mapping, "an object")
    problems += _wrong("note", envelope.get("note"), str, "a text")
    problems += _wrong("author", envelope.get("author"), str, "a text")
    problems += _wrong("activate", envelope.get("activate"), bool, "true or false")
    if problems:
        raise RulesetInvalid(problems)
    text = toml if isinstance(toml, str) else to_toml(document or {})
    said = {key: envelope.get(key) for key in ("note", "author", "activate")}
    return Draft(text, **said, written=isinstance(toml, str))


def _wrong(key: str, value: Any, kind: type, said: str) -> list[Problem]:
    return [] if value is None or isinstance(value, kind) else [Problem(key, f"must be {said}", field=key)]
