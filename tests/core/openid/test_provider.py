"""Only what the provider has signed for us, now, in answer to this one question, says who somebody is."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from app.core.errors import Problem, Refusing, Rejected, TimedOut, Unreachable
from app.core.guard import Guard, GuardSettings
from app.core.openid import Client, NotTrusted, Person, Provider
from scripts.fake_composio.wire import Reply
from tests.conftest import START, SettableClock
from tests.core.openid import provider as forged
from tests.core.openid.provider import CLIENT, SECRET, FakeProvider, fake_provider

BACK = "http://localhost:8000/api/v1/auth/oidc/callback"
NONCE, VERIFIER = "the-nonce", "v" * 43
NOW = int(START.timestamp())


async def no_pause(_seconds: float) -> None: ...


@asynccontextmanager
async def knowing(fake: FakeProvider, clock: SettableClock, **how: Any) -> AsyncIterator[Provider]:
    given: dict[str, Any] = {
        "issuer": fake.issuer,
        "encrypted": False,
        "secret": SecretStr(SECRET),
        "name": "Example ID",
    } | how
    settings = GuardSettings(interactive_budget_s=1, interactive_retries=1, retry_first_s=0.01)
    made = Provider(Client(client_id=CLIENT, **given), Guard("oidc", settings, sleep=no_pause), clock)
    try:
        yield made
    finally:
        await made.close()


async def sign_in(provider: Provider, fake: FakeProvider, *, nonce: str = NONCE, verifier: str = VERIFIER) -> Person:
    url = await provider.where_to(redirect_uri=BACK, state="the-state", nonce=NONCE, verifier=VERIFIER)
    back = fake.browse(url)
    assert back["state"] == "the-state"
    await provider.check_answerer(back.get("iss"))
    return await provider.who(back["code"], redirect_uri=BACK, nonce=nonce, verifier=verifier)


async def refused(clock: SettableClock, **how: Any) -> Exception:
    async with fake_provider(clock=clock, **how) as fake, knowing(fake, clock) as provider:
        with pytest.raises((NotTrusted, Problem)) as caught:
            await sign_in(provider, fake)
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256", "ES512", "EdDSA"])
async def test_who_comes_back_is_known(clock: SettableClock, algorithm: str) -> None:
    async with fake_provider(clock=clock, algorithm=algorithm) as fake, knowing(fake, clock) as provider:
        found = await sign_in(provider, fake)

        assert found == Person(fake.issuer, "248289761001", "ana@example.com", True, "Ana Torres")


async def test_what_it_publishes_is_fetched_once_an_hour(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock) as provider:
        for _ in range(3):
            await sign_in(provider, fake)
        once = (fake.count("/.well-known/openid-configuration"), fake.count("/keys"))
        clock.advance(hours=1)
        await sign_in(provider, fake)

        assert once == (1, 1)
        assert (fake.count("/.well-known/openid-configuration"), fake.count("/keys")) == (2, 2)


async def test_a_slash_that_was_forgotten_in_the_settings_does_no_harm(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock, issuer=f"{fake.issuer}/") as provider:
        assert (await sign_in(provider, fake)).issuer == fake.issuer


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": ["another client"]},
        {"aud": [CLIENT, "another client"], "azp": None},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"azp": "another client"},
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": NOW + 3600},
        {"iat": None},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
async def test_a_claim_that_is_wrong_is_not_believed(clock: SettableClock, claims: dict[str, Any]) -> None:
    assert isinstance(await refused(clock, claims=claims), NotTrusted)


async def test_a_token_for_several_is_ours_where_it_was_given_to_us(clock: SettableClock) -> None:
    claims = {"aud": [CLIENT, "another client"], "azp": CLIENT}

    async with fake_provider(clock=clock, claims=claims) as fake, knowing(fake, clock) as provider:
        assert (await sign_in(provider, fake)).subject == "248289761001"


async def test_clocks_may_differ_a_little(clock: SettableClock) -> None:
    claims = {"iat": NOW + 50, "exp": NOW - 50}

    async with fake_provider(clock=clock, claims=claims) as fake, knowing(fake, clock) as provider:
        assert (await sign_in(provider, fake)).subject == "248289761001"


@pytest.mark.parametrize(
    "forge",
    [
        forged.unsigned,
        forged.signed_with_what_is_public,
        forged.signed_with_our_secret,
        forged.signed_by_another,
        forged.brings_its_own_key,
        forged.changed_afterwards,
        lambda _provider, _claims: "no token",
        lambda _provider, _claims: "a.b.c",
        lambda _provider, _claims: "ü" * 10,
        lambda _provider, _claims: "x" * 1_000_00,
    ],
)
async def test_a_signature_that_is_wrong_is_not_believed(clock: SettableClock, forge: Any) -> None:
    assert isinstance(await refused(clock, forge=forge), NotTrusted)


async def test_new_keys_are_fetched_when_a_token_names_one(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock) as provider:
        await sign_in(provider, fake)
        fake.rotate()
        clock.advance(seconds=11)

        assert (await sign_in(provider, fake)).subject == "248289761001"
        assert fake.count("/keys") == 2


async def test_unknown_keys_do_not_make_us_ask_without_end(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock) as provider:
        await sign_in(provider, fake)
        fake.instead["/keys"] = Reply(200, b'{"keys": []}')
        fake.rotate()
        for _ in range(20):
            clock.advance(seconds=1)
            with pytest.raises(NotTrusted):
                await sign_in(provider, fake)

        assert fake.count("/keys") <= 3


async def test_a_key_that_can_be_guessed_is_none(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock) as provider:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fake.key = RSAKey.generate_key(1024, {"kid": "weak"})
        with pytest.raises(NotTrusted):
            await sign_in(provider, fake)


async def test_the_secret_is_posted_where_the_provider_wants_that(clock: SettableClock) -> None:
    published = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    async with fake_provider(clock=clock, published=published) as fake, knowing(fake, clock) as provider:
        await sign_in(provider, fake)

        [asked] = [request for request in fake.requests if request.path == "/token"]
        assert "authorization" not in asked.headers


async def test_a_list_of_ways_that_is_none_changes_nothing(clock: SettableClock) -> None:
    published = {"token_endpoint_auth_methods_supported": 5}

    async with fake_provider(clock=clock, published=published) as fake, knowing(fake, clock) as provider:
        assert (await sign_in(provider, fake)).email


@pytest.mark.parametrize("name", ["Ana\0 Ruiz", "Ana\x1b Ruiz", "Ana\n Ruiz"])
async def test_what_can_not_be_stored_of_a_name_is_left_out(clock: SettableClock, name: str) -> None:
    async with fake_provider(clock=clock, claims={"name": name}) as fake, knowing(fake, clock) as provider:
        assert (await sign_in(provider, fake)).name == "Ana Ruiz"


async def test_a_client_without_a_secret_has_pkce_alone(clock: SettableClock) -> None:
    async with (
        fake_provider(clock=clock, accepts_without_secret=True) as fake,
        knowing(fake, clock, secret=SecretStr("")) as provider,
    ):
        assert (await sign_in(provider, fake)).subject == "248289761001"
        with pytest.raises(Rejected, match="invalid_grant"):
            await sign_in(provider, fake, verifier="w" * 43)


async def test_a_wrong_secret_is_told_without_it(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock, secret=SecretStr("hunter3")) as provider:
        with pytest.raises(Rejected) as caught:
            await sign_in(provider, fake)

    assert caught.value.detail == "Example ID refuses (401: invalid_client)."


async def test_an_address_is_asked_for_where_the_token_has_none(clock: SettableClock) -> None:
    async with fake_provider(clock=clock, tells_by_userinfo=True) as fake, knowing(fake, clock) as provider:
        found = await sign_in(provider, fake)

        assert (found.email, found.verified) == ("ana@example.com", True)


async def test_user_info_about_somebody_else_is_not_believed(clock: SettableClock) -> None:
    assert isinstance(await refused(clock, tells_by_userinfo=True, userinfo={"sub": "another"}), NotTrusted)


@pytest.mark.parametrize(
    ("said", "verified"), [(True, True), ("true", True), (False, False), ("false", False), (1, True), (None, False)]
)
async def test_whether_an_address_is_theirs(clock: SettableClock, said: object, verified: bool) -> None:
    async with (
        fake_provider(clock=clock, claims={"email_verified": said}) as fake,
        knowing(fake, clock) as provider,
    ):
        assert (await sign_in(provider, fake)).verified is verified


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "//evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://user:word@evil.example/"},
        {"authorization_endpoint": "https://[evil"},
        {"jwks_uri": "http://127.0.0.1:0x/keys"},
        {"token_endpoint": "http://127.0.0.1:99999/token"},
        {"token_endpoint": "http://xn--\u20ac/token"},
    ],
    ids=str,
)
async def test_a_provider_that_publishes_what_can_not_be_used(clock: SettableClock, published: Any) -> None:
    assert isinstance(await refused(clock, published=published), NotTrusted)


async def test_without_encryption_nothing_is_asked_in_production(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock, encrypted=True) as provider:
        with pytest.raises(NotTrusted, match="has to be https"):
            await provider.check()


async def test_an_answer_of_another_provider_is_not_exchanged(clock: SettableClock) -> None:
    published = {"authorization_response_iss_parameter_supported": True}

    async with fake_provider(clock=clock, published=published) as fake, knowing(fake, clock) as provider:
        await provider.check_answerer(fake.issuer)
        for issuer in ("https://evil.example", "", None):
            with pytest.raises(NotTrusted):
                await provider.check_answerer(issuer)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(500), Unreachable),
        (Reply(200, b"<html>"), Unreachable),
        (Reply(200, b"[]"), NotTrusted),
        (Reply(404, b'{"error": "Nothing <b>here</b>"}'), Rejected),
        (Reply(302, b"", {"location": "http://127.0.0.1:1/"}), Rejected),
        (Reply(200, b"{}", head_after=9), TimedOut),
        (Reply(200, b"x" * 1_100_000), Rejected),
    ],
    ids=["ill", "a page", "a list", "not there", "elsewhere", "slow", "huge"],
)
async def test_a_provider_that_is_ill(clock: SettableClock, path: str, reply: Reply, expected: type[Exception]) -> None:
    error = await refused(clock, instead={path: reply})

    assert isinstance(error, expected)
    assert "<b>" not in str(error)


async def test_a_provider_that_is_away_is_not_asked_again_and_again(clock: SettableClock) -> None:
    async with fake_provider(clock=clock) as fake, knowing(fake, clock) as provider:
        await fake.wire.away()
        errors = []
        for _ in range(4):
            with pytest.raises(Problem) as caught:
                await provider.check()
            errors.append(caught.value)

    assert isinstance(errors[0], Unreachable)
    assert isinstance(errors[-1], Refusing)
