"""Exceptions from ruff's security rules are few, and each is argued where it stands."""

import re

from app.settings import PROJECT_ROOT

_EXCEPTION = re.compile(r"# noqa: (?:[A-Z]+\d+, )*S\d+\b.*")
_ARGUED = re.compile(r"# noqa: [A-Z\d, ]+(?: - |\s*\()\S.{5,}")
_IGNORED = re.compile(r'^  "S\d+",(.*)$', re.MULTILINE)


def test_every_exception_in_a_line_says_why() -> None:
    files = [path for folder in ("app", "scripts", "migrations") for path in (PROJECT_ROOT / folder).rglob("*.py")]
    found = [
        f"{path.name}: {match[0]}"
        for path in files
        for match in _EXCEPTION.finditer(path.read_text(encoding="utf-8"))
        if not _ARGUED.match(match[0])
    ]

    assert found == []


def test_every_rule_that_is_off_in_a_folder_says_why_or_follows_one_that_does() -> None:
    text = (PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    sections = re.findall(r"^\"[^\"]+\" = \[\n((?:  .*\n)+)\]", text, re.MULTILINE)

    ignored = [_IGNORED.findall(section) for section in sections]
    assert [reasons for reasons in ignored if reasons and not reasons[0].strip().startswith("# ")] == []
    assert any(ignored)
