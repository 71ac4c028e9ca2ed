"""Settings are written once, checked in people's words, and tried against what they name."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.core.http import Outbound
from app.integrations.gateways.rest import RestGateway
from app.integrations.registry import TOOLS
from app.settings import PROJECT_ROOT, Settings
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.fake_composio.toolkit import ToolFunction
from tests.cli.conftest import Watchfloor

KEY = "ak_hunter2_secret"


class Shelf:
    """A toolkit that has all tools of its service."""

    def __init__(self, toolkit: str) -> None:
        self.toolkit = toolkit
        slugs = [tool.slug for tool in TOOLS.values() if tool.toolkit == toolkit]
        self.tools: Mapping[str, ToolFunction] = dict.fromkeys(slugs, lambda _arguments: {})


@pytest.fixture
def fake() -> FakeComposio:
    made = FakeComposio(KEY)
    for toolkit in {tool.toolkit for tool in TOOLS.values()}:
        made.connect(f"ca_{toolkit}", Shelf(toolkit))
    return made


@pytest.mark.parametrize("env", ["development", "production"])
def test_setup_writes_settings_that_only_the_owner_can_read(watchfloor: Watchfloor, tmp_path: Path, env: str) -> None:
    file = tmp_path / ".env"

    result = watchfloor("config", "setup", "--env", env, "--file", file)

    assert result.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    url = "postgresql://u@db.example/x" if env == "production" else ""
    given = Settings(_env_file=file, database_url=url)
    key = given.secret_key.get_secret_value()
    assert given.environment == env
    assert len(key) == 64
    assert key not in result.output
    assert file.read_text().count("\n") == (PROJECT_ROOT / ".env.example").read_text().count("\n")


def test_for_production_it_lets_no_developer_s_page_in_and_says_how_others_reach_it(
    watchfloor: Watchfloor, tmp_path: Path
) -> None:
    file = tmp_path / ".env"

    result = watchfloor("config", "setup", "--env", "production", "--file", file)

    assert "\nCORS_ORIGINS=\n" in file.read_text()
    said = result.output.partition("For others to reach it")[2]
    assert "PUBLIC_URL" in said
    assert "TRUSTED_PROXIES" in said


def test_setup_replaces_nothing_unless_told_to_and_keeps_what_was_there(watchfloor: Watchfloor, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=old\n")

    refused = watchfloor("config", "setup", "--env", "development", "--file", file)
    assert (refused.exit_code, file.read_text()) == (1, "SECRET_KEY=old\n")
    assert "--force replaces it" in refused.output

    assert watchfloor("config", "setup", "--env", "development", "--file", file, "--force").exit_code == 0
    assert (tmp_path / ".env.old").read_text() == "SECRET_KEY=old\n"
    assert "SECRET_KEY=old" not in file.read_text()


def test_setup_where_nothing_can_be_written(watchfloor: Watchfloor) -> None:
    result = watchfloor("config", "setup", "--env", "development", "--file", "/proc/none/.env")

    assert result.exit_code == 1
    assert "can't be used" in result.output
    assert watchfloor("config", "setup", "--env", "staging").exit_code == 2


def test_settings_that_can_be_used(watchfloor: Watchfloor) -> None:
    result = watchfloor("config", "validate")

    assert (result.exit_code, result.output) == (0, "All settings can be used (development).\n")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LISTEN_PORT", "many", "LISTEN_PORT: must be a whole number"),
        ("LISTEN_PORT", "0", "LISTEN_PORT: must be at least 1"),
        ("PAGE_LIMIT_MAX", "5000", "PAGE_LIMIT_MAX: must be at most 1000"),
        ("PAGE_LIMIT_MAX", "100", "PAGE_LIMIT_MAX: must be at least 200"),
        ("COMPOSIO_GATEWAY", "soap", "COMPOSIO_GATEWAY: must be 'rest' or 'sdk'"),
        ("COMPOSIO_BASE_URL", "https://a.example/api", "COMPOSIO_BASE_URL: must be an origin alone"),
        ("COMPOSIO_TOOL_VERSIONS", "gmial=1", "COMPOSIO_TOOL_VERSIONS: no tools of gmial are called"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "DATABASE_URL: must start with sqlite:///"),
        ("ENVIRONMENT", "production", "SECRET_KEY: is missing: production needs it"),
    ],
)
def test_what_is_wrong_is_said_by_variable(watchfloor: Watchfloor, name: str, value: str, said: str) -> None:
    result = watchfloor("config", "validate", **{name: value})

    assert result.exit_code == 1
    assert said in result.output
    assert "hunter2" not in result.output


def test_every_wrong_setting_is_named(watchfloor: Watchfloor) -> None:
    result = watchfloor("config", "validate", LISTEN_PORT="x", SYNC_AT_ONCE="0")

    assert "LISTEN_PORT" in result.output
    assert "SYNC_AT_ONCE" in result.output


def test_a_name_that_nobody_reads_is_noticed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("COMPOSIO_APIKEY=x\n")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")

    result = CliRunner().invoke(cli, ["config", "validate"])

    assert result.exit_code == 0
    assert "COMPOSIO_APIKEY in .env is no setting, and is not read. Did you mean COMPOSIO_API_KEY?" in result.output


def test_what_is_not_configured_does_not_fail(watchfloor: Watchfloor) -> None:
    result = watchfloor("config", "check-services")

    assert result.exit_code == 0
    assert "ok      database:" in result.output
    assert "off     Composio: not configured" in result.output


@pytest.mark.parametrize("gateway", ["rest", "sdk"])
def test_services_that_answer(watchfloor: Watchfloor, fake: FakeComposio, gateway: str) -> None:
    with running(fake) as url:
        given = {"COMPOSIO_API_KEY": KEY, "COMPOSIO_BASE_URL": url, "COMPOSIO_GATEWAY": gateway}
        result = watchfloor("config", "check-services", "--json", **given)

    report = json.loads(result.output)
    assert (result.exit_code, report["ok"]) == (0, True)
    checks = {line["what"]: line["state"] for line in report["checks"]}
    assert checks == {
        **dict.fromkeys(("database", "Composio API key", *TOOLS), "ok"),
        **dict.fromkeys(("mail", "OpenID Connect"), "off"),
    }
    assert KEY not in result.output


def test_a_refused_key_a_lost_version_and_silence_are_each_named(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    fake.versions["slack"] = ["20990101_00"]
    with running(fake) as url:
        given = {"COMPOSIO_BASE_URL": url}
        refused = watchfloor("config", "check-services", COMPOSIO_API_KEY="ak_wrong", **given)
        lost = watchfloor("config", "check-services", COMPOSIO_API_KEY=KEY, **given)
    silent = watchfloor("config", "check-services", COMPOSIO_API_KEY=KEY, **given)

    assert [refused.exit_code, lost.exit_code, silent.exit_code] == [1, 1, 1]
    assert "failed  Composio API key: Composio refuses the API key. Set COMPOSIO_API_KEY" in refused.output
    assert "failed  SLACK_LIST_ALL_USERS: is not there in version" in lost.output
    assert "COMPOSIO_TOOL_VERSIONS=slack=20990101_00" in lost.output
    assert "failed  Composio API key: Composio can't be reached" in silent.output


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:hunter2@127.0.0.1:1/x", "failed  database: the database x on 127.0.0.1 does not answer"),
        ("postgresql://u:hunter2@127.0.0.1:port/x", "DATABASE_URL: must have the form postgresql://USER:PASSWORD@"),
        ("sqlite:////etc/hostname", "failed  database: the database /etc/hostname is a file of another kind"),
    ],
)
def test_a_database_that_does_not_answer(watchfloor: Watchfloor, url: str, said: str) -> None:
    result = watchfloor("config", "check-services", DATABASE_URL=url)

    assert result.exit_code == 1
    assert said in result.output
    assert "hunter2" not in result.output


def test_what_may_stay_and_should_not_is_told_and_is_no_error(watchfloor: Watchfloor, tmp_path: Path) -> None:
    safe = {"ENVIRONMENT": "production", "SECRET_KEY": token_hex(32), "PUBLIC_URL": "https://board.example"}

    result = watchfloor("config", "validate", **safe, DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")

    assert result.exit_code == 0
    assert "TRUSTED_PROXIES: is empty, while PUBLIC_URL begins with https://" in result.output


async def test_many_checks_are_not_made_at_once(fake: FakeComposio) -> None:
    fake.latency_s = 0.02
    with running(fake) as url:
        gateway = RestGateway(Outbound(url, headers={"x-api-key": KEY}, service="Composio"))
        await gateway.check(tuple(TOOLS.values()))
        await gateway.close()

    assert 1 < fake.calls.most_in_flight <= 8
