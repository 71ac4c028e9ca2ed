"""Short-lived tokens: what a key is exchanged for, how long it is good, and every way to forge one."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import select

from app.core.database import Database
from app.domains.identity import signing
from app.domains.identity.models import SigningKey
from app.domains.identity.rules import Role, Scope
from app.domains.identity.tokens import kid_of
from tests.api.client import Api, Document, database_of, locations, ok, problem
from tests.api.conftest import key_of
from tests.api.identified import as_role, bearer
from tests.conftest import SettableClock

TOKENS = "/api/v1/auth/token"
INVALID = "This token is not valid, or has expired. Get another one with its key: POST /api/v1/auth/token."


async def exchanged(api: Api, key: str, **body: Any) -> Document:
    return ok(await api.http.post(TOKENS, json=body or None, headers=bearer(key)))


async def asks(api: Api, shown: str, path: str = "/api/v1/tasks") -> httpx.Response:
    return await api.http.get(path, headers=bearer(shown))


def part(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


async def signing_key(api: Api) -> tuple[str, OKPKey]:
    async with database_of(api).reading() as session:
        row = await signing.present(session)
    assert row is not None
    return row.id, signing.opened(row, api.app.state.vault)


async def test_a_key_is_exchanged_for_a_token_that_does_the_same(api: Api) -> None:
    key = await key_of(api.app, Scope.TASKS_READ)

    answer = await api.http.post(TOKENS, headers=bearer(key))

    assert answer.headers["cache-control"] == "no-store"
    assert (await asks(api, answer.json()["token"])).status_code == 200
    problem(await asks(api, answer.json()["token"], "/api/v1/api-keys"), 403)


async def test_it_says_who_gave_it_for_whom_and_until_when(api: Api, clock: SettableClock) -> None:
    given = await exchanged(api, await key_of(api.app, Scope.TASKS_READ), minutes=5)

    header, claims = (part(each) for each in given["token"].split(".")[:2])
    kid, _ = await signing_key(api)
    assert header == {"alg": "Ed25519", "typ": "at+jwt", "kid": kid}
    now = int(clock().timestamp())
    assert {name: claims[name] for name in ("iss", "aud", "iat", "exp", "scope")} == {
        "iss": "watchfloor",
        "aud": "watchfloor",
        "iat": now,
        "exp": now + 300,
        "scope": "tasks:read",
    }
    assert claims["sub"].startswith("key:")
    assert len(claims["jti"]) == 24


async def test_a_token_may_do_less_than_its_key_and_never_more(api: Api) -> None:
    key = await key_of(api.app, Scope.TASKS_WRITE)

    less = await exchanged(api, key, scopes=["tasks:read"])
    more = await api.http.post(TOKENS, json={"scopes": ["metrics:read"]}, headers=bearer(key))

    assert less["scopes"] == ["tasks:read"]
    refused = await api.http.post("/api/v1/tasks", json={"title": "A"}, headers=bearer(less["token"]))
    assert problem(refused, 403)["permission"] == "tasks:write"
    assert "metrics:read" in problem(more, 403)["detail"]


async def test_it_ends_after_its_minutes(api: Api, clock: SettableClock) -> None:
    given = await exchanged(api, await key_of(api.app, Scope.TASKS_READ))
    assert given["expires_at"] == "2026-03-02T09:15:00Z"

    clock.advance(minutes=15, seconds=-1)
    assert (await asks(api, given["token"])).status_code == 200
    clock.advance(seconds=1)
    assert problem(await asks(api, given["token"]), 401)["detail"] == INVALID


async def test_longer_than_the_server_allows_is_refused(api: Api) -> None:
    key = await key_of(api.app, Scope.TASKS_READ)

    refused = await api.http.post(TOKENS, json={"minutes": 16}, headers=bearer(key))

    assert locations(problem(refused, 422)) == ["body.minutes"]


async def test_it_ends_with_its_key(api: Api, clock: SettableClock) -> None:
    revoked = await api.post("/api-keys", {"name": "a", "scopes": ["tasks:read"]})
    expiring = await key_of(api.app, Scope.TASKS_READ, expires_at=clock() + timedelta(minutes=2))
    one, other = await exchanged(api, revoked["key"]), await exchanged(api, expiring)
    assert (await asks(api, one["token"])).status_code == (await asks(api, other["token"])).status_code == 200

    await api.http.delete(f"/api/v1/api-keys/{revoked['id']}")
    clock.advance(minutes=2)

    assert problem(await asks(api, one["token"]), 401)["detail"] == INVALID
    assert problem(await asks(api, other["token"]), 401)["detail"] == INVALID


async def test_a_token_is_bound_to_the_networks_of_its_key(api: Api) -> None:
    made = await api.post("/api-keys", {"name": "a", "scopes": ["tasks:read"], "networks": ["127.0.0.1"]})
    token = (await exchanged(api, made["key"]))["token"]
    elsewhere = httpx.ASGITransport(app=api.app, client=("192.0.2.1", 4000))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://watchfloor.test") as there:
        assert (await there.get("/api/v1/tasks", headers=bearer(token))).status_code == 401
    assert (await asks(api, token)).status_code == 200


async def test_neither_a_token_nor_a_browser_gets_a_token_and_a_token_makes_nothing_that_lasts(api: Api) -> None:
    token = (await exchanged(api, await key_of(api.app, Scope.ADMIN)))["token"]
    boss = await as_role(api, Role.ADMIN)
    key = await api.post("/api-keys", {"name": "a", "scopes": ["tasks:read"]})

    for headers in (bearer(token), boss):
        assert "permission" not in problem(await api.http.post(TOKENS, headers=headers), 403)
    one, made = f"/api/v1/api-keys/{key['id']}", {"name": "for ever", "scopes": ["tasks:read"]}
    refused = [
        await api.http.post("/api/v1/api-keys", json=made, headers=bearer(token)),
        await api.http.post(f"{one}/rotate", headers=bearer(token)),
        await api.http.patch(one, json={"expires_at": None, "networks": []}, headers=bearer(token)),
    ]
    assert [problem(each, 403)["permission"] for each in refused] == ["keys:write"] * 3
    user = {"email": "eve@example.org", "role": "admin"}
    added = await api.http.post("/api/v1/users", json=user, headers=bearer(token))
    assert problem(added, 403)["permission"] == "users:manage"
    assert (await asks(api, token, "/api/v1/audit")).status_code == 200


@pytest.fixture
async def forging(api: Api) -> tuple[Api, str, OKPKey, Document]:
    """A real token's key id, signing key, and claims: what a forger would begin with."""
    token = (await exchanged(api, await key_of(api.app, Scope.TASKS_READ)))["token"]
    assert (await asks(api, token)).status_code == 200
    kid, key = await signing_key(api)
    return api, kid, key, part(token.split(".")[1])


def signed(claims: Document, key: Any, *, kid: str, alg: str = "Ed25519", **header: Any) -> str:
    head = {"alg": alg, "typ": "at+jwt", "kid": kid} | header
    return jwt.encode(head, claims, key, algorithms=[alg])


def unsigned(claims: Document, *, kid: str, alg: str) -> str:
    head = {"alg": alg, "typ": "at+jwt", "kid": kid}
    return f"{_text(json.dumps(head).encode())}.{_text(json.dumps(claims).encode())}."


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


Forging = tuple[Api, str, OKPKey, Document]


async def test_the_stand_of_the_forger_is_good(forging: Forging) -> None:
    api, kid, key, claims = forging

    assert (await asks(api, signed(claims, key, kid=kid))).status_code == 200


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "Ed25519", "EdDSA", ""])
async def test_a_token_without_signature_is_refused(forging: Forging, alg: str) -> None:
    api, kid, _, claims = forging

    assert problem(await asks(api, unsigned(claims, kid=kid, alg=alg)), 401)["detail"] == INVALID


async def test_the_public_key_is_no_secret_to_sign_with(forging: Forging) -> None:
    api, kid, key, claims = forging
    public: Any = key.public_key
    shapes = [
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        str(key.as_dict(private=False)["x"]).encode(),
    ]
    for shape in shapes:
        head, body, _ = unsigned(claims, kid=kid, alg="HS256").split(".")
        mac = hmac.new(shape, f"{head}.{body}".encode(), hashlib.sha256).digest()
        assert problem(await asks(api, f"{head}.{body}.{_text(mac)}"), 401)["detail"] == INVALID


async def test_somebody_elses_key_does_not_sign_whatever_it_is_called(forging: Forging) -> None:
    api, kid, _, claims = forging
    own = OKPKey.generate_key("Ed25519")
    embedded = own.as_dict(private=False)

    for name in (kid, "another", "", "../../dev/null", "' OR 1=1 --"):
        assert problem(await asks(api, signed(claims, own, kid=name)), 401)["detail"] == INVALID
    assert problem(await asks(api, signed(claims, own, kid=kid, jwk=embedded)), 401)["detail"] == INVALID
    refused = await asks(api, signed(claims, own, kid=kid, jku="https://attacker.example/keys"))
    assert problem(refused, 401)["detail"] == INVALID


@pytest.mark.parametrize(
    ("changed", "value"), [("scope", "admin"), ("exp", 2_000_000_000), ("sub", "key:1"), ("aud", "elsewhere")]
)
async def test_changed_claims_break_the_signature(forging: Forging, changed: str, value: Any) -> None:
    api, kid, key, claims = forging
    head, _, sign = signed(claims, key, kid=kid).split(".")
    body = _text(json.dumps(claims | {changed: value}).encode())

    assert problem(await asks(api, f"{head}.{body}.{sign}"), 401)["detail"] == INVALID


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "elsewhere"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": 10**30},
        {"sub": "user:1"},
        {"sub": "key:999999"},
        {"sub": "key:99999999999999999999999"},
        {"sub": "key:x"},
        {"scope": "everything"},
        {"scope": None},
        {"jti": None},
    ],
    ids=str,
)
async def test_what_we_never_say_is_not_believed_even_where_it_is_signed(forging: Forging, claims: Document) -> None:
    api, kid, key, real = forging
    said = {name: value for name, value in (real | claims).items() if value is not None}

    assert problem(await asks(api, signed(said, key, kid=kid)), 401)["detail"] == INVALID


async def test_another_kind_of_signed_document_is_no_token(forging: Forging) -> None:
    api, kid, key, claims = forging

    assert problem(await asks(api, signed(claims, key, kid=kid, typ="JWT")), 401)["detail"] == INVALID


async def test_another_keys_number_gives_what_that_key_may_and_the_token_says_and_no_more(forging: Forging) -> None:
    api, kid, key, claims = forging
    made = await api.post("/api-keys", {"name": "b", "scopes": ["metrics:read"]})
    forged = signed(claims | {"sub": f"key:{made['id']}"}, key, kid=kid)  # takes our private key: nobody has it

    problem(await asks(api, forged), 403)


@pytest.mark.parametrize(
    "text", ["eyJ.eyJ.x", "eyJ" + "x" * 3_000 + "..", "eyJh.é.ü", "eyJhbGciOiJFZDI1NTE5In0.e30.AA"]
)
async def test_what_is_no_token_is_refused_without_asking_the_database(sqlite_api: Api, text: str) -> None:
    raw = [(b"authorization", f"Bearer {text}".encode())]

    assert problem(await sqlite_api.http.get("/api/v1/tasks", headers=raw), 401)["detail"] == INVALID


async def test_a_retired_key_verifies_until_the_longest_token_has_run_out(api: Api, clock: SettableClock) -> None:
    key = await key_of(api.app, Scope.TASKS_READ)
    before = (await exchanged(api, key))["token"]
    await rotated(api)
    after = (await exchanged(api, key))["token"]

    assert kid_of(before) != kid_of(after)
    assert (await asks(api, before)).status_code == (await asks(api, after)).status_code == 200
    clock.advance(minutes=60)
    await api.jobs.tidy()
    async with database_of(api).reading() as session:
        assert [row.id for row in (await session.execute(select(SigningKey))).scalars()] == [kid_of(after)]


async def test_what_a_signing_key_that_became_known_signed_is_void_at_once(api: Api) -> None:
    before = (await exchanged(api, await key_of(api.app, Scope.TASKS_READ)))["token"]
    assert (await asks(api, before)).status_code == 200

    await rotated(api, at_once=True)

    assert problem(await asks(api, before), 401)["detail"] == INVALID


async def rotated(api: Api, *, at_once: bool = False) -> None:
    """As the command does it in another process; the second in which this one may not know it is over."""
    async with database_of(api).writing() as session:
        await signing.rotate(session, api.app.state.vault, now=api.app.state.clock(), at_once=at_once)
    api.app.state.recogniser.forget()


async def test_the_private_key_is_stored_encrypted(api: Api) -> None:
    await exchanged(api, await key_of(api.app, Scope.TASKS_READ))
    _, key = await signing_key(api)

    async with database_of(api).reading() as session:
        stored = (await session.execute(select(SigningKey.private_key))).scalar_one()

    assert str(key.as_dict(private=True)["d"]) not in stored
    assert "OKP" not in stored


async def test_processes_that_make_the_first_key_at_once_use_the_same(api: Api) -> None:
    url = database_of(api).url.render_as_string(hide_password=False)
    processes = [Database(url) for _ in range(4)]

    async def first(database: Database) -> str:
        async with database.writing() as session:
            return (await signing.ensured(session, api.app.state.vault, now=api.app.state.clock())).id

    made = await asyncio.gather(*(first(each) for each in processes))

    assert len(set(made)) == 1
    async with database_of(api).reading() as session:
        assert len((await session.execute(select(SigningKey))).scalars().all()) == 1
    for each in processes:
        await each.close()
