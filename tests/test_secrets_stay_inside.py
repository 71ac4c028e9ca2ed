"""Recognisable secrets are planted everywhere and used in real work, also where it fails; then everything that came out
is searched for them: logs, answers, commands, metrics, the audit trail, events, backups, the database, tracebacks."""

import base64
import io
import logging
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import pyotp
import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import URL

from app.core import known_secrets, log, migrations
from app.core.secrets import Vault
from app.settings import Settings
from app.settings.concealed import secrets_of
from scripts.fake_composio import faults
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.fake_composio.webhooks import delivery, news
from tests.conftest import NewDatabase
from tests.staying_inside.canaries import Canaries
from tests.staying_inside.site import Site, environment, free_port, packed, serving, stored

ADMIN = "admin@example.com"


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def fake(canaries: Canaries) -> FakeComposio:
    fake, notion = FakeComposio(canaries.simple("composio_api_key")), NotionSpace(now=real_time)
    fake.connect("ca_notion", notion)
    table = notion.add_database("Work")
    notion.add_row(table, {"Name": "Renew the certificate"})
    return fake


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    """What a command configures for its process is put back."""
    root, ours = logging.getLogger(), logging.getLogger("app")
    before = root.handlers, root.level, ours.level
    yield
    root.handlers, root.level, ours.level = before
    known_secrets.forget()


@pytest.fixture(params=["sqlite", "postgres"])
def site(
    request: pytest.FixtureRequest,
    canaries: Canaries,
    fake: FakeComposio,
    new_database: NewDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    _as_it_was: None,
) -> Iterator[Site]:
    """JSON lines beside SQLite, console lines beside Postgres, whose password is a canary too."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    url = new_database(request.param)
    if request.param == "postgres":
        migrations.upgrade(url)
        url = url.set(password=canaries.simple("database_password"))
    with running(fake) as composio:
        yield Site(
            environment(
                **_settings(canaries, url),
                COMPOSIO_BASE_URL=composio,
                LOG_FORMAT="json" if request.param == "sqlite" else "console",
            ),
            free_port(),
            tmp_path / "server.log",
            canaries,
        )


def _settings(canaries: Canaries, url: URL) -> dict[str, str]:
    plain = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    secrets = ("secret_key", "secret_keys_before", "composio_webhook_secret", "oidc_client_secret", "mail_password")
    return {
        "DATABASE_URL": plain,
        **{name.upper(): canaries.simple(name) for name in secrets},
        "COMPOSIO_API_KEY": canaries.planted["composio_api_key"],
        "OIDC_ISSUER": "http://127.0.0.1:1",
        "OIDC_CLIENT_ID": "watchfloor",
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": "1",
        "MAIL_USER": "watchfloor",
        "MAIL_FROM": "watchfloor@example.com",
        "PUBLIC_URL": "http://localhost:1",
        "LOG_LEVEL": "DEBUG",
        "DEBUG": "true",
        "SAMPLE_DATA": "false",
        "RETRY_FIRST_S": "0.01",
        "RETRY_MOST_S": "0.02",
        "BACKGROUND_RETRIES": "1",
        "INTERACTIVE_RETRIES": "0",
        "BREAKER_FAILURES": "100",
        "BREAKER_REST_S": "0.1",
    }


def test_secrets_stay_inside_over_real_work(site: Site, fake: FakeComposio, tmp_path: Path) -> None:
    canaries = site.canaries
    password = canaries.plant("password")
    site.run("users", "add", ADMIN, "--role", "admin", "--password-stdin", given=f"{password}\n")
    key = canaries.plant(
        "key of the command line", _last_word(site.run("keys", "create", "t", "--scopes", "admin", shows_once=True))
    )
    with serving(site), site.client(Authorization=f"Bearer {key}") as http:
        _sign_in(site, password)
        _keys(site, http)
        _composio(site, http, fake)
        _failures(site, http)
        _look_everywhere(site, http)
    _commands(site, tmp_path)
    site.outputs |= stored(site.environment["DATABASE_URL"])

    assert len(canaries.planted) >= 30
    assert "SELECT" in str(site.outputs["the log"])
    assert canaries.found_in(site.outputs) == []
    assert len(site.outputs) > 60


def _last_word(text: str) -> str:
    """The key that a command prints."""
    return next(word for word in text.split() if word.startswith("wf_") and len(word) > 40)


def _sign_in(site: Site, password: str) -> None:
    canaries = site.canaries
    with site.client() as browser:
        wrong = {"email": ADMIN, "password": canaries.plant("a wrong password")}
        assert site.heard(browser.post("/api/v1/auth/login", json=wrong)).status_code == 401
        site.heard(browser.post("/api/v1/auth/login", json={"email": 7, "password": canaries.plant("of a bad form")}))
        me = site.heard(
            browser.post("/api/v1/auth/login", json={"email": ADMIN, "password": password}), shows_once=True
        )
        assert me.status_code == 200, me.text
        for name, value in browser.cookies.items():
            canaries.plant(f"cookie {name}", value)
        browser.headers["X-CSRF-Token"] = canaries.plant("csrf token", me.json()["csrf_token"])
        shown = site.heard(browser.post("/api/v1/auth/totp", json={"password": password}), shows_once=True).json()
        secret = canaries.plant("totp secret", shown["secret"])
        code = {"code": pyotp.TOTP(secret).now()}
        answer = site.heard(browser.post("/api/v1/auth/totp/confirm", json=code), shows_once=True)
        for number, each in enumerate(answer.json()["recovery_codes"]):
            canaries.plant(f"recovery code {number}", each)
        new = canaries.plant("new password")
        changed = browser.post("/api/v1/auth/password", json={"old": password, "new": new})
        assert site.heard(changed, shows_once=True).status_code == 200
        browser.headers["X-CSRF-Token"] = canaries.plant("second csrf token", changed.json()["csrf_token"])
        for name, value in browser.cookies.items():
            canaries.plant(f"second cookie {name}", value)
        for path in ("sessions", "ways"):
            assert site.heard(browser.get(f"/api/v1/auth/{path}")).status_code == 200


def _keys(site: Site, http: httpx.Client) -> None:
    canaries = site.canaries
    made = site.heard(
        http.post("/api/v1/api-keys", json={"name": "k", "scopes": ["admin"], "owned": False}), shows_once=True
    )
    assert made.status_code == 201, made.text
    canaries.plant("api key", made.json()["key"])
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    token = site.heard(http.post("/api/v1/auth/token", json={}, headers=headers), shows_once=True).json()["token"]
    canaries.plant("jwt", token)
    assert site.heard(http.get("/api/v1/tasks", headers={"Authorization": f"Bearer {token}"})).status_code == 200
    for shown in (token[:-4] + "AAAA", made.json()["key"][:-3] + "xyz", canaries.simple("unknown bearer")):
        site.heard(http.get("/api/v1/tasks", headers={"Authorization": f"Bearer {shown}"}))
        site.heard(http.get("/api/v1/tasks", headers={"Cookie": f"watchfloor_session={shown}"}))
    user = http.post("/api/v1/users", json={"email": "b@example.com", "role": "viewer"}).json()
    link = site.heard(http.post(f"/api/v1/users/{user['id']}/password-link"), shows_once=True).json()
    reset = canaries.plant("reset token", link["link"].partition("=")[2])
    body = {"token": reset, "password": "short"}
    assert site.heard(http.post("/api/v1/auth/password/reset", json=body)).status_code == 422
    site.heard(http.post("/api/v1/auth/link", json={"token": canaries.simple("unknown link")}))
    site.heard(http.post("/api/v1/auth/password/forgot", json={"email": ADMIN}))
    site.heard(http.get("/api/v1/auth/oidc"))
    site.heard(http.get("/api/v1/auth/oidc/callback", params={"code": canaries.simple("oidc code"), "state": "x"}))


def _composio(site: Site, http: httpx.Client, fake: FakeComposio) -> None:
    """Pulled, connected, told by webhooks; then with errors that repeat our key and hold others' tokens."""
    canaries = site.canaries
    body: dict[str, Any] = {
        "kind": "notion",
        "name": "wiki",
        "settings": {"since": "2020-01-01", "page_content": "none"},
    }
    made = site.heard(http.post("/api/v1/integrations", json=body | {"gateway": {"connected_account_id": "ca_notion"}}))
    place = made.json()["id"]
    assert _pulled(site, http, place) == "succeeded"
    link = site.heard(
        http.post(f"/api/v1/integrations/{place}/connect", headers={"Idempotency-Key": "k"}), shows_once=True
    )
    canaries.plant("link to an account", link.json()["redirect_url"].rpartition("/")[2])
    secret = canaries.planted["composio_webhook_secret"]
    for wrong in (None, "signature", "body"):
        sent = delivery(secret, news(fake.accounts.get("ca_notion"), datetime.now(UTC)), datetime.now(UTC), wrong=wrong)
        signature = sent.headers["webhook-signature"]
        canaries.plant(f"signature of {wrong}", signature.partition(",")[2] or signature)
        site.heard(http.post("/api/v1/webhooks/composio", content=sent.body, headers=dict(sent.headers)))
    ours, theirs = (
        canaries.planted["composio_api_key"],
        canaries.plant("a service's token", "ya29.canaryA0ARrdaM-x7Hq9"),
    )
    echo = f"Invalid x-api-key {ours}; Authorization: Bearer {theirs}"
    for fault in (
        faults.status(400, message=echo),
        faults.tool_failed(echo),
        faults.status(401, message=echo),
        faults.status(500, message=echo),
    ):
        fake.faults.clear()
        fake.faults.add(fault)
        _pulled(site, http, place)
        site.heard(http.post(f"/api/v1/integrations/{place}/connect"))
    fake.faults.clear()


def _pulled(site: Site, http: httpx.Client, place: int) -> str:
    """How it ended; empty where it did not begin."""
    asked = site.heard(http.post(f"/api/v1/integrations/{place}/sync"))
    until = time.monotonic() + 30
    while asked.is_success and time.monotonic() < until:
        state = str(http.get(f"/api/v1/sync/runs/{asked.json()['run']['id']}").json()["state"])
        if state not in ("queued", "running"):
            return state
        time.sleep(0.1)
    return ""


def _failures(site: Site, http: httpx.Client) -> None:
    canaries = site.canaries
    hidden = canaries.simple("in a query")
    site.heard(http.get("/api/v1/tasks", params={"access_token": hidden, "limit": "many"}))
    site.heard(http.get(f"/api/v1/nowhere?token={hidden}"))
    site.heard(http.post("/api/v1/auth/login", content=b'{"password": "' + canaries.simple("broken JSON").encode()))
    site.heard(
        http.post("/api/v1/users", json={"email": "x", "password": canaries.simple("refused form"), "role": "king"})
    )


def _look_everywhere(site: Site, http: httpx.Client) -> None:
    """Every GET of the description that asks for nothing but ids."""
    # The link to an account is shown to whoever may ask for one; so everything is looked at by one who may only read.
    reading = site.heard(http.post("/api/v1/api-keys", json={"name": "r", "scopes": ["tasks:read"]}), shows_once=True)
    reader = {"Authorization": f"Bearer {site.canaries.plant('key of a reader', reading.json()['key'])}"}
    connection = site.heard(http.get("/api/v1/integrations/1/connection", headers=reader))
    assert (connection.json()["state"], connection.json()["redirect_url"]) == ("pending", None)
    described = http.get("/openapi.json").json()
    for path, operations in described["paths"].items():
        if "get" in operations and not path.endswith(("/events", "/connection")):
            site.heard(http.get(path.replace("{name}", "default").replace("{integration_id}", "1").format_map(_Ones())))
    with http.stream("GET", "/api/v1/events", headers={"Last-Event-ID": "0"}, timeout=3) as stream:
        until, told = time.monotonic() + 3, b""
        try:
            for part in stream.iter_raw():
                told += part
                if time.monotonic() > until:
                    break
        except httpx.ReadTimeout:
            pass
    site.outputs["events"] = told


class _Ones(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "1"


def _commands(site: Site, folder: Path) -> None:
    canaries = site.canaries
    site.run("secrets", "set", "MAIL_PASSWORD", "--value-stdin", given=canaries.simple("stored secret"))
    for command in (
        "config validate", "config check-services", "status", "status --json", "top", "integrations list --json",
        "sync --wait", "secrets list", "secrets list --json", "secrets rotate", "keys list --json", "users list --json",
        "audit list --json", "audit verify", "db check", "writes",
    ):  # fmt: skip
        site.run(*command.split())
    site.run("secrets", "list", SECRET_KEY=canaries.simple("another key"))
    site.run("db", "backup", str(folder / "backup.zip"))
    site.outputs |= packed(folder / "backup.zip")
    wrong = canaries.simple("wrong database password")
    for url in (
        f"postgresql://u:{wrong}@127.0.0.1:1/x",
        f"postgresql://u:{wrong}@127.0.0.1:port/x",
        f"mysql://u:{wrong}@127.0.0.1/x",
        f"postgresql://u:{wrong}@[::1/x",
    ):
        for command in ("top", "config validate", "config check-services", "db upgrade", "serve"):
            site.run(*command.split(), DATABASE_URL=url)
    unusable: list[dict[str, Any]] = [
        {"ENVIRONMENT": "production", "MAIL_HOST": ""},
        {"LISTEN_PORT": "many", "OUR_ADDRESSES": "x"},
        {"SECRET_KEY": "", "SECRET_KEY_FILE": str(folder / "none")},
        {"COMPOSIO_TOOL_VERSIONS": "gmial=1"},
    ]
    for given in unusable:
        for command in ("serve", "config validate"):
            site.run(*command.split(), **given)
    (folder / "broken.db").write_text(f"no database {wrong}")
    site.run("serve", DATABASE_URL=f"sqlite:///{folder / 'broken.db'}")


@pytest.mark.usefixtures("_as_it_was")
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_in_the_log_tells_no_secret_of_the_settings(
    canaries: Canaries, form: Literal["json", "console"], settings: Settings
) -> None:
    secrets = {name: canaries.plant(name) for name in ("secret_key", "composio_api_key", "mail_password")}
    given = settings.model_copy(update={name: SecretStr(value) for name, value in secrets.items()})
    known_secrets.conceal(secrets_of(given))
    log.configure("DEBUG", form)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    logged = io.StringIO()
    handler.setStream(logged)

    try:
        raise RuntimeError(f"upstream said {secrets['composio_api_key']!r} and {secrets['mail_password']}")
    except RuntimeError:
        log.get("app.x").exception("a defect", where=f"https://h/?k={secrets['composio_api_key']}")
    log.get("app.x").info("a form", password=secrets["mail_password"], api_key="x", text=[secrets["secret_key"]])
    logging.getLogger("httpx").debug("headers %s", secrets["composio_api_key"])
    logging.getLogger("elsewhere").error("a stranger's line with %s", secrets["composio_api_key"])

    assert "a defect" in logged.getvalue()
    assert "a stranger's line" in logged.getvalue()
    assert canaries.found_in({"the log": logged.getvalue()}) == []


def test_neither_settings_nor_the_vault_tell_a_secret_when_they_are_printed_or_fail(
    canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, field in Settings.model_fields.items():
        if field.annotation is SecretStr:
            monkeypatch.setenv(name.upper(), canaries.simple(name))
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:{canaries.planted['database_url']}@h/d")
    monkeypatch.setenv("RATE_LIMIT_STORE", f"redis://:{canaries.planted['rate_limit_store']}@h/0")
    given = Settings(_env_file=None)
    vault = Vault([given.secret_key.get_secret_value()])
    told = f"{given!r}{given}{given.model_dump()}{given.model_dump_json()}{vault!r}{vars(given)}"
    monkeypatch.setenv("LISTEN_PORT", canaries.simple("where a number is wanted"))
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None)
    told += f"{refused.value}{''.join(traceback.format_exception(refused.value))}"

    assert canaries.found_in({"what is printed": told}) == []


def test_the_search_itself_finds_what_is_there(canaries: Canaries) -> None:
    value = canaries.plant("one")

    for form in (
        value,
        repr({"a": value}),
        str(httpx.QueryParams(a=value)),
        base64.b64encode(value.encode()).decode(),
    ):
        assert canaries.found_in({"x": f"before {form} after"}) == ["one in x"]
    assert canaries.found_in({"x": "nothing"}) == []
