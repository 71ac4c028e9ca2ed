"""Production refuses to start with what is unsafe: all of it at once, each with what to do."""

from pathlib import Path
from secrets import token_hex

import pytest
from pydantic import ValidationError

from app.settings import Settings
from app.settings.production import doubtful, unsafe
from tests.settings.conftest import Given

KEY = "5f1d3c0b9a7e42886d1f0c3e5b7a9d2417e6f8c0a2b4d6e81357902468acebdf"


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    return {"ENVIRONMENT": "production", "SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path / 'made' / 'p.db'}"}


def wrong(given: Given, **values: str) -> dict[str, str]:
    """What is refused: name and sentence."""
    with pytest.raises(ValidationError) as refused:
        given(**values)
    return {str(each["loc"][0]).upper(): each["msg"] for each in refused.value.errors()}


def test_what_is_safe_is_taken(given: Given, safe: dict[str, str]) -> None:
    assert given(**safe).environment == "production"
    given(**safe, PUBLIC_URL="https://board.example", LOG_LEVEL="WARNING", CORS_ORIGINS="")


def test_development_asks_for_none_of_it(given: Given) -> None:
    given(SECRET_KEY="x", DEBUG="true", CORS_ORIGINS="*", PUBLIC_URL="http://board.example", SAMPLE_DATA="true")


def test_everything_that_is_wrong_is_said_at_once(given: Given) -> None:
    found = wrong(
        given,
        ENVIRONMENT="production",
        SECRET_KEY="changeme",
        INTEGRATIONS_STUB_MODE="true",
        DEBUG="true",
        LOG_LEVEL="DEBUG",
        CORS_ORIGINS="*",
        SAMPLE_DATA="true",
        PUBLIC_URL="http://board.example",
        OIDC_ISSUER="http://login.example",
        MAIL_USER="board",
        LISTEN_PORT="many",
        TRUSTED_PROXIES="10.0.0.0/33",
    )

    assert set(found) == {
        "SECRET_KEY",
        "DATABASE_URL",
        "INTEGRATIONS_STUB_MODE",
        "DEBUG",
        "LOG_LEVEL",
        "CORS_ORIGINS",
        "SAMPLE_DATA",
        "PUBLIC_URL",
        "OIDC_ISSUER",
        "OIDC_CLIENT_ID",
        "MAIL_HOST",
        "LISTEN_PORT",
        "TRUSTED_PROXIES",
    }


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "is missing"),
        (KEY[:31], "at least 32 characters"),
        ("a" * 64, "repeats itself"),
        ("0123456789abcdef" * 4, "repeats itself"),
        ("abababcdcdcd" * 2 + "abcdabcdabcd", "repeats itself"),
        ("changeme-changeme-changeme-0a9f8e7d", "looks like an example"),
        ("my-Secret-key-of-the-board-0a9f8e7d6c", "looks like an example"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_with_how_to_make_one(
    given: Given, safe: dict[str, str], key: str, said: str
) -> None:
    found = wrong(given, **safe | {"SECRET_KEY": key})["SECRET_KEY"]

    assert said in found
    assert "token_hex(32)" in found
    assert not key or key not in found


def test_no_key_that_is_made_as_told_is_refused(settings: Settings) -> None:
    for _ in range(2_000):
        made = settings.model_copy(
            update={"environment": "production", "secret_key": type(settings.secret_key)(token_hex(32))}
        )
        assert "SECRET_KEY" not in {name for name, _ in unsafe(made)}


def test_a_key_may_lie_in_a_file_and_is_judged_alike(given: Given, safe: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "key"
    elsewhere = safe | {"SECRET_KEY": "", "SECRET_KEY_FILE": str(file)}

    assert "can't be read: No such file" in wrong(given, **elsewhere)["SECRET_KEY_FILE"]
    file.write_text("\n")
    assert "is empty" in wrong(given, **elsewhere)["SECRET_KEY_FILE"]
    file.write_bytes(b"\xff\xfe\x00")
    assert "holds no text" in wrong(given, **elsewhere)["SECRET_KEY_FILE"]
    file.write_text("short")
    assert "at least 32" in wrong(given, **elsewhere)["SECRET_KEY_FILE"]
    file.write_text(f"{KEY}\n")
    given(**elsewhere)


@pytest.mark.parametrize(
    ("made", "url", "said"),
    [
        ("folder", "sqlite:///{here}", "which is a folder"),
        ("file", "sqlite:///{here}/below/p.db", "is no folder"),
    ],
)
def test_a_database_that_can_not_lie_there(
    given: Given, safe: dict[str, str], tmp_path: Path, made: str, url: str, said: str
) -> None:
    here = tmp_path / "here"
    here.mkdir() if made == "folder" else here.touch()

    assert said in wrong(given, **safe | {"DATABASE_URL": url.format(here=here)})["DATABASE_URL"]


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]", "https://board.example"]
)
def test_an_address_on_this_machine_or_with_https_is_taken(given: Given, safe: dict[str, str], url: str) -> None:
    given(**safe, PUBLIC_URL=url)


def test_an_open_address_needs_a_proxy_that_is_named(given: Given, safe: dict[str, str]) -> None:
    assert "PUBLIC_URL=https://" in wrong(given, **safe, PUBLIC_URL="http://board.example")["PUBLIC_URL"]
    started = given(**safe, PUBLIC_URL="http://board.example", TRUSTED_PROXIES="10.0.0.1")
    [(name, said)] = doubtful(started)
    assert (name, "browsers keep no sign-in" in said) == ("PUBLIC_URL", True)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"OIDC_ISSUER": "https://login.example"}, {"OIDC_CLIENT_ID", "PUBLIC_URL"}),
        ({"OIDC_CLIENT_ID": "board"}, {"OIDC_ISSUER"}),
        ({"OIDC_CLIENT_SECRET": "x"}, {"OIDC_ISSUER"}),
        ({"OIDC_DOMAINS": "example.com"}, {"OIDC_ISSUER"}),
        ({"MAIL_HOST": "mail.example"}, {"MAIL_FROM", "PUBLIC_URL"}),
        ({"MAIL_FROM": "board@example.com"}, {"MAIL_HOST"}),
        ({"MAIL_PASSWORD": "x"}, {"MAIL_HOST", "MAIL_USER"}),
        (
            {
                "MAIL_HOST": "mail.example",
                "MAIL_FROM": "b@example.com",
                "MAIL_USER": "b",
                "MAIL_SECURITY": "none",
                "PUBLIC_URL": "https://board.example",
            },
            {"MAIL_SECURITY"},
        ),
    ],
)
def test_what_is_half_given(given: Given, safe: dict[str, str], values: dict[str, str], named: set[str]) -> None:
    assert set(wrong(given, **safe, **values)) == named


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+aiosqlite://?cache=shared"])
def test_a_database_in_memory_is_none(given: Given, safe: dict[str, str], url: str) -> None:
    assert "names no file" in wrong(given, **safe | {"DATABASE_URL": url})["DATABASE_URL"]


@pytest.mark.parametrize("key", [f"{KEY[:30]},{KEY[30:]}", f" {KEY}", f"{KEY} "])
def test_a_key_that_could_not_be_kept_as_an_earlier_one_is_refused(
    given: Given, safe: dict[str, str], key: str
) -> None:
    assert "comma, or a blank" in wrong(given, **safe | {"SECRET_KEY": key})["SECRET_KEY"]


def test_behind_a_proxy_that_is_not_named_everybody_would_be_one_address(given: Given, safe: dict[str, str]) -> None:
    [(name, said)] = doubtful(given(**safe, PUBLIC_URL="https://board.example"))

    assert (name, "makes all others wait" in said) == ("TRUSTED_PROXIES", True)
    assert not list(doubtful(given(**safe, PUBLIC_URL="https://board.example", TRUSTED_PROXIES="127.0.0.1")))
    assert not list(doubtful(given(**safe)))
    assert not list(doubtful(given(PUBLIC_URL="https://board.example")))


def test_who_listens_for_others_says_under_which_address(given: Given, safe: dict[str, str]) -> None:
    [(name, said)] = doubtful(given(**safe, LISTEN_HOST="0.0.0.0"))  # noqa: S104 - what is warned of
    [(_, known)] = doubtful(given(**safe, LISTEN_HOST="0.0.0.0", TRUSTED_HOSTS="board.example"))  # noqa: S104

    assert (name, "any name is answered" in said, "any name" in known) == ("PUBLIC_URL", True, False)
    assert not list(doubtful(given(**safe, LISTEN_HOST="::1")))
    assert not list(doubtful(given(LISTEN_HOST="0.0.0.0")))  # noqa: S104


def test_it_is_looked_at_again_where_a_command_says_the_address(given: Given, safe: dict[str, str]) -> None:
    settings = given(**safe)
    settings.listen_host = "0.0.0.0"  # noqa: S104 - as `serve --host` does it

    assert [name for name, _ in doubtful(settings)] == ["PUBLIC_URL"]


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0", "10.0.0.1,0.0.0.0/0"])
def test_not_everybody_is_a_proxy(given: Given, safe: dict[str, str], everybody: str) -> None:
    assert "which is everybody" in wrong(given, **safe, TRUSTED_PROXIES=everybody)["TRUSTED_PROXIES"]
    given(TRUSTED_PROXIES=everybody)
