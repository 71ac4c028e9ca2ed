"""Settings of nobody's machine, made of what a test gives."""

from collections.abc import Callable

import pytest

from app.settings import Settings

Given = Callable[..., Settings]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """`given(DEBUG="true")`: the settings of an environment with these variables and no other."""

    def settings(**values: str) -> Settings:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return Settings(_env_file=None)

    return settings
