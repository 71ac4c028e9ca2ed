"""Single settings are refused with the part that is wrong."""

import pytest
from pydantic import ValidationError

from app.settings import Settings
from app.settings.concealed import secrets_of
from app.settings.keys import earlier_keys
from tests.settings.conftest import Given


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.256", "not 10.0.0.256"),
        ("TRUSTED_PROXIES", "proxy.example", "not proxy.example"),
        ("TRUSTED_PROXIES", "10.1.2.3/16", "the network is 10.1.0.0/16"),
        ("CORS_ORIGINS", "https://a.example/path", "not https://a.example/path"),
        ("CORS_ORIGINS", "https://a.example, b.example", "not b.example"),
        ("CORS_ORIGINS", "https://*.example", "not https://*.example"),
        ("CORS_ORIGINS", "*, https://a.example", "is * beside other origins"),
        ("TRUSTED_HOSTS", "https://a.example", "not https://a.example"),
        ("TRUSTED_HOSTS", "a.example:8000", "not a.example:8000"),
        ("TRUSTED_HOSTS", "*.board.example", "without scheme, port and *, not *.board.example"),
        ("OIDC_DOMAINS", "*.board.example", "without *, not *.board.example"),
        ("OIDC_DOMAINS", "example", "not example"),
        ("OIDC_DOMAINS", "e\u212a.example", "not e"),
        ("MAIL_FROM", "nobody", "must be an address"),
        ("MAIL_FROM", "a@b.example, c@d.example", "must be an address"),
        ("PUBLIC_URL", "board.example", "must be an address as https://"),
        ("PUBLIC_URL", "https://user:word@board.example", "must be an address as https://"),
        ("PUBLIC_URL", "https://board.example:port", "must be an address as https://"),
        ("OIDC_ISSUER", "login.example", "must be an address as https://"),
        ("RATE_LIMIT_STORE", "memcached://x", "start with redis://"),
        ("RATE_LIMIT_STORE", "redis://:canary@host:abc/0", "must have the form redis://"),
        ("RATE_LIMIT_STORE", "redis://:canary@host/name", "must have the form redis://"),
        ("RATE_LIMIT_STORE", "redis://:can/ary@host:6379/0", "must have the form redis://"),
        ("RATE_LIMIT_STORE", "redis:///0", "must have the form redis://"),
        ("DATABASE_URL", "postgresql://board:canary@host:abc/board", "must have the form postgresql://"),
        ("DATABASE_URL", "postgresql://board:can@ary@host/board", "must have the form postgresql://"),
        ("DATABASE_URL", "postgresql://board:c@n/ary@host/board", "must have the form postgresql://"),
        ("DATABASE_BUSY_TIMEOUT_S", "inf", "finite"),
        ("QUERY_TIMEOUT_S", "nan", "finite"),
        ("SESSION_MOST_DAYS", "1e12", "less than or equal to 3650"),
        ("AUDIT_KEPT_DAYS", "9999999", "less than or equal to 36500"),
        ("IDEMPOTENCY_HOURS", "999999999999", "less than or equal to 8760"),
        ("PAGE_LIMIT_DEFAULT", "300", "at most PAGE_LIMIT_MAX"),
        ("SECRET_KEY_FILE", "/nowhere/key", "can't be read: No such file"),
    ],
)
def test_what_is_wrong_is_named(given: Given, name: str, value: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        given(**{name: value})

    assert [error["loc"] for error in refused.value.errors()] == [(name.lower(),)]
    assert said in str(refused.value)
    assert "canary" not in str(refused.value)
    assert "n/ary" not in str(refused.value)


def test_what_is_right_is_brought_to_one_form(given: Given) -> None:
    settings = given(
        TRUSTED_PROXIES="10.0.0.1,fd00::/8",
        CORS_ORIGINS="https://Board.example/",
        PUBLIC_URL="https://board.example/",
        TRUSTED_HOSTS="Board.example,a.board.example,[::1]",
        OIDC_DOMAINS="@Example.com",
        RATE_LIMIT_STORE="redis://host:6379/0",
    )

    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.cors_origins == ("https://board.example",)
    assert settings.public_url == "https://board.example"
    assert settings.trusted_hosts == ("board.example", "a.board.example", "[::1]")
    assert settings.oidc_domains == ("example.com",)


def test_debug_logs_everything(given: Given) -> None:
    assert given(DEBUG="true").level == "DEBUG"
    assert given().level == "INFO"


def test_addresses_that_are_encoded_are_taken(given: Given) -> None:
    database = "postgresql://board:c%40n%2Fary@host:5432/board?sslmode=require"
    given(DATABASE_URL=database, RATE_LIMIT_STORE="rediss://name:c%2Fn@[::1]:6379/3?ssl_cert_reqs=none")
    given(DATABASE_URL="postgresql:///board?host=/run/postgresql")


def test_no_number_goes_without_an_end() -> None:
    """Else it overflows far from where it was set, in the middle of the work."""
    for name, field in Settings.model_fields.items():
        if field.annotation in (int, float):
            assert any(hasattr(each, "le") for each in field.metadata), name


def test_every_secret_of_an_address_is_concealed(given: Given) -> None:
    settings = given(
        DATABASE_URL="postgresql:///board?password=in%2Fquery", RATE_LIMIT_STORE="redis://:of%40store@host"
    )

    assert {"in/query", "of@store", "of%40store"} <= set(secrets_of(settings))
    assert "a#b?c/d" in set(secrets_of(given(DATABASE_URL="postgresql://board:a#b?c/d@host/board")))


def test_an_earlier_key_may_have_held_a_comma(given: Given) -> None:
    assert earlier_keys(given(SECRET_KEYS_BEFORE="new, old")) == ["new", "old", "new, old"]
    assert earlier_keys(given(SECRET_KEYS_BEFORE=" old ")) == ["old", " old "]
    assert earlier_keys(given(SECRET_KEYS_BEFORE=" ")) == []
