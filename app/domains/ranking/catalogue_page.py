"""The catalogue of facts as a page for people who write rules. Pure."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from app.domains.ranking.catalogue import CATALOGUE, FactKind
from app.domains.ranking.facts import FactValue

_HEAD = """# Facts that rules may look at

This page is made from the code by `scripts/catalogue`; a test holds it to that. The same list, for programs, is at
`GET /api/v1/facts`.

Every fact has a type. A fact that nobody knows is not there: a condition that can't be decided without it gives no
points and says so, and `'due_at' in known` asks whether one is known. No fact depends on the clock; time enters through
[curves](ranking.md#curves). A clock is the moments at which it started and stopped, in turns.

| type | in a condition | in a curve |
|---|---|---|
| bool | `says_urgent`, `!unread` | |
| int, double | `asks >= 50`, `money > 1000.0` (a double is compared with a number that has a point) | `value` |
| string | `turn == 'ours'`, `title.startsWith('Re')` | |
| timestamp | `due_at < scheduled_at` | `hours_to`, `hours_since`, `business_hours_to`, `business_hours_since` |
| list(string) | `'billing' in labels`, `size(urgency) > 0`, `labels.exists(each, each.startsWith('team-'))` | |
| clock | `size(resolution) % 2 == 1`: it runs | `running`, `share_of` |

"""


def page() -> str:
    """Markdown, one row for each fact in the order of the catalogue."""
    rows = "\n".join(_rows())
    return f"{_HEAD}| fact | type | what it says | for example |\n|---|---|---|---|\n{rows}\n"


def _rows() -> Iterator[str]:
    for kind in CATALOGUE.values():
        yield f"| `{kind.name}` | {kind.type} | {_meaning(kind)} | `{_written(kind.example)}` |"


def _meaning(kind: FactKind) -> str:
    if kind.words:
        return f"{kind.meaning}: {', '.join(kind.words)}"
    return f"{kind.meaning}: at most {kind.most}" if kind.most and str(kind.most) not in kind.meaning else kind.meaning


def _written(value: FactValue) -> str:
    """As it is written in JSON, in one piece."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return f"[{', '.join(_quoted(each) for each in value)}]"
    return _quoted(value)


def _quoted(value: FactValue) -> str:
    return f'"{_written(value)}"' if isinstance(value, datetime) else json.dumps(value, ensure_ascii=False)
