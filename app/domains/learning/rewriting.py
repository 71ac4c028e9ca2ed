"""Other numbers in a ruleset's text, and nothing else: comments, order and layout stay. Pure."""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domains.ranking.learning.learnable import Numbers
from app.domains.rulesets.documents import document_of, to_toml


@dataclass(frozen=True, slots=True)
class Edit:
    """What a rule shall say: its points, or those of all corners of its curve, in thousandths; and what is noted beside
    it."""

    rule: str
    numbers: Numbers
    comment: str | None = None


def rewritten(text: str, edits: Sequence[Edit]) -> str:
    """The text with other numbers, each noted in a comment line below the rule's id.

    A text whose layout can't be kept is written anew, without its comments. Raises RulesetInvalid for what is no TOML.
    """
    wanted = _with_numbers(document_of(text), edits)
    made = _edited(text, edits)
    return made if made is not None and document_of(made) == wanted else to_toml(wanted)


def without_notes(text: str, proposal: int) -> str:
    """The text without the comment lines that a proposal left."""
    note = rf"^[ \t]*# learned: [^\n]*\(proposal {proposal}\)[ \t\r]*(?:\n|\Z)"
    return re.sub(note, "", text, flags=re.MULTILINE)


def as_number(milli: int) -> int | Decimal:
    """Thousandths as points, as people write them."""
    return milli // 1000 if milli % 1000 == 0 else Decimal(milli).scaleb(-3).normalize()


def _with_numbers(document: Mapping[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(document))
    by_rule = {edit.rule: edit for edit in edits}
    for rule in changed["rules"]:
        if (edit := by_rule.get(rule["id"])) is not None:
            for place, number in _places(rule, edit):
                place["points"] = number
    return changed


def _places(rule: Any, edit: Edit) -> list[tuple[Any, int | Decimal]]:
    """The tables whose `points` are to be set, and to what."""
    places = [rule] if "points" in rule else list(rule["curve"]["points"])
    return [(place, as_number(milli)) for place, milli in zip(places, edit.numbers, strict=True)]


def _edited(text: str, edits: Sequence[Edit]) -> str | None:
    """None where the layout can't be kept."""
    import tomlkit  # noqa: PLC0415 - heavy, and only needed here
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    by_rule = {edit.rule: edit for edit in edits}
    try:
        document: Any = tomlkit.parse(text)
        for rule in document["rules"]:
            if (edit := by_rule.get(str(rule["id"]))) is not None:
                for place, number in _places(rule, edit):
                    if place["points"] != number:
                        place["points"] = _item(number)
                if edit.comment and isinstance(rule, tomlkit.items.Table):
                    _note_below(rule["id"], edit.comment)
        return tomlkit.dumps(document)
    except TOMLKitError:
        return None


def _item(number: int | Decimal) -> Any:
    import tomlkit  # noqa: PLC0415 - as above

    if isinstance(number, int):
        return tomlkit.item(number)
    return tomlkit.items.Float(float(number), tomlkit.items.Trivia(), str(number))  # every digit as it is meant


def _note_below(item: Any, comment: str) -> None:
    """A comment line below a key's own line."""
    trivia = item.trivia
    end = trivia.trail or "\n"
    trivia.trail = f"{end}{trivia.indent}# {comment}{end}"
