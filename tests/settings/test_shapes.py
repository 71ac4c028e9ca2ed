"""Single settings are refused with the part that is wrong."""

import pytest
from pydantic import ValidationError

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
        ("OIDC_DOMAINS", "example", "not example"),
        ("OIDC_DOMAINS", "e\u212a.example", "not e"),
        ("MAIL_FROM", "nobody", "must be an address"),
        ("MAIL_FROM", "a@b.example, c@d.example", "must be an address"),
        ("PUBLIC_URL", "board.example", "must be an address as https://"),
        ("PUBLIC_URL", "https://user:word@board.example", "must be an address as https://"),
        ("PUBLIC_URL", "https://board.example:port", "must be an address as https://"),
        ("OIDC_ISSUER", "login.example", "must be an address as https://"),
        ("RATE_LIMIT_STORE", "memcached://x", "start with redis://"),
        ("SECRET_KEY_FILE", "/nowhere/key", "can't be read: No such file"),
    ],
)
def test_what_is_wrong_is_named(given: Given, name: str, value: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        given(**{name: value})

    assert [error["loc"] for error in refused.value.errors()] == [(name.lower(),)]
    assert said in str(refused.value)


def test_what_is_right_is_brought_to_one_form(given: Given) -> None:
    settings = given(
        TRUSTED_PROXIES="10.0.0.1,fd00::/8",
        CORS_ORIGINS="https://Board.example/",
        PUBLIC_URL="https://board.example/",
        TRUSTED_HOSTS="Board.example,*.board.example,[::1]",
        OIDC_DOMAINS="@Example.com",
        RATE_LIMIT_STORE="redis://host:6379/0",
    )

    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.cors_origins == ("https://board.example",)
    assert settings.public_url == "https://board.example"
    assert settings.trusted_hosts == ("board.example", "*.board.example", "[::1]")
    assert settings.oidc_domains == ("example.com",)


def test_debug_logs_everything(given: Given) -> None:
    assert given(DEBUG="true").level == "DEBUG"
    assert given().level == "INFO"
