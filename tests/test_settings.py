"""Settings: what they take, what they refuse, and that .env.example tells all of them truly."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import PROJECT_ROOT, Settings

EXAMPLE = PROJECT_ROOT / ".env.example"


def example_values() -> dict[str, str]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(example_values()) == {name.upper() for name in Settings.model_fields}


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = settings(monkeypatch)

    assert settings(monkeypatch, **example_values()) == defaults


def test_variables_of_other_programs_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, SOMETHING_ELSE="1") == settings(monkeypatch)


def test_a_relative_sqlite_path_lies_at_the_project_whatever_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    given = settings(monkeypatch, DATABASE_URL="sqlite:///data/mine.db")

    assert given.database == f"sqlite+aiosqlite:///{PROJECT_ROOT / 'data/mine.db'}"


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_every_form_of_a_postgres_address_gets_our_driver(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert settings(monkeypatch, DATABASE_URL=url).database == "postgresql+psycopg://u:p@h/d"


def test_lists_are_separated_by_commas_and_addresses_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(monkeypatch, OUR_ADDRESSES="Ops@Example.com, @Example.org ,")

    assert given.our_addresses == ("ops@example.com", "@example.org")


def test_an_address_list_refuses_what_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match=r"expects addresses or @domains, not example\.com"):
        settings(monkeypatch, OUR_ADDRESSES="example.com")


@pytest.mark.parametrize("given", ["gmail", "gmail=", "=20260101_00", "Gmail=20260101_00", "gmail=1=2", "gmail=a b"])
def test_versions_of_tools_are_pairs(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    with pytest.raises(ValidationError, match="expects toolkit=version, not"):
        settings(monkeypatch, COMPOSIO_TOOL_VERSIONS=f"slack=20260101_00,{given}")


def test_a_webhook_is_never_believed_for_longer_than_its_id_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="less than or equal to 3600"):
        settings(monkeypatch, WEBHOOK_TOLERANCE_S="90000")


def test_sample_data_is_there_in_development_unless_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch).begins_with_sample
    assert not settings(monkeypatch, SAMPLE_DATA="false").begins_with_sample


def test_secrets_are_not_shown_when_settings_are_printed_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(monkeypatch, SECRET_KEY="canary-key", DATABASE_URL="postgresql://u:canary-pass@h/d")
    assert "canary" not in repr(given)

    with pytest.raises(ValidationError) as refused:
        settings(monkeypatch, DATABASE_URL="mysql://u:canary-pass@h/d")
    assert "canary" not in str(refused.value)


def test_pulls_leave_connections_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="smaller than DATABASE_POOL_SIZE"):
        settings(monkeypatch, SYNC_AT_ONCE="10", DATABASE_POOL_SIZE="10")
