"""Codes of an authenticator app beside the password, and recovery codes."""

from collections.abc import AsyncIterator

import pyotp
import pytest

from app.domains.identity.models import User
from tests.api.client import Api, Document, database_of, locations, ok, problem
from tests.api.people import PASSWORD, Browser, add_user, browser
from tests.conftest import SettableClock


class App:
    """An authenticator app."""

    def __init__(self, secret: str, clock: SettableClock) -> None:
        self._codes, self._clock = pyotp.TOTP(secret), clock

    def code(self, *, steps: int = 0) -> str:
        return self._codes.at(self._clock(), counter_offset=steps)


@pytest.fixture
async def ana(api: Api) -> AsyncIterator[Browser]:
    await add_user(api)
    async with browser(api.app) as found:
        ok(await found.sign_in())
        yield found


async def switched_on(ana: Browser, clock: SettableClock) -> tuple[App, list[str]]:
    app = App(ok(await ana.post("/auth/totp", {"password": PASSWORD}))["secret"], clock)
    codes: list[str] = ok(await ana.post("/auth/totp/confirm", {"code": app.code()}))["recovery_codes"]
    clock.advance(seconds=30)
    return app, codes


async def test_it_is_switched_on_with_the_password_and_a_first_code(ana: Browser, clock: SettableClock) -> None:
    answer = await ana.post("/auth/totp", {"password": PASSWORD})
    proposed = ok(answer)
    assert not (await ana.me())["user"]["totp"]

    confirmed = await ana.post("/auth/totp/confirm", {"code": App(proposed["secret"], clock).code()})

    assert answer.headers["cache-control"] == confirmed.headers["cache-control"] == "no-store"
    assert proposed["uri"].startswith("otpauth://totp/Watchfloor:ana%40example.org?secret=")
    assert len(set(ok(confirmed)["recovery_codes"])) == 10
    assert (await ana.me())["user"]["totp"]


async def test_it_is_not_switched_on_without_them(ana: Browser) -> None:
    assert problem(await ana.post("/auth/totp/confirm", {"code": "123456"}), 409)
    assert locations(problem(await ana.post("/auth/totp", {}), 422)) == ["body.password"]
    assert locations(problem(await ana.post("/auth/totp", {"password": "wrong one 1234"}), 422)) == ["body.password"]
    ok(await ana.post("/auth/totp", {"password": PASSWORD}))
    assert locations(problem(await ana.post("/auth/totp/confirm", {"code": "abcdef"}), 422)) == ["body.code"]
    assert not (await ana.me())["user"]["totp"]


async def test_from_then_on_a_code_is_asked_for_once_the_password_was_right(
    ana: Browser, api: Api, clock: SettableClock
) -> None:
    app, _ = await switched_on(ana, clock)

    async with browser(api.app) as other:
        needed = problem(await other.sign_in(), 401)
        assert needed["code"] == "code_needed"
        assert other.session == other.device == ""
        assert problem(await other.sign_in(password="wrong one 1234", code=app.code()), 401)["code"] == (
            "unauthenticated"
        )
        assert problem(await other.sign_in(code="000000"), 401)["code"] == "code_wrong"
        assert (await other.sign_in(code=app.code())).status_code == 200


async def test_a_code_is_taken_once(ana: Browser, api: Api, clock: SettableClock) -> None:
    app, _ = await switched_on(ana, clock)
    code = app.code()
    ok(await ana.sign_in(code=code))

    assert problem(await ana.sign_in(code=code), 401)["code"] == "code_wrong"
    clock.advance(seconds=30)
    assert problem(await ana.sign_in(code=code), 401)["code"] == "code_wrong"
    assert (await ana.sign_in(code=app.code())).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (1, 200), (2, 401)])
async def test_clocks_may_differ_by_half_a_minute(ana: Browser, clock: SettableClock, steps: int, status: int) -> None:
    app, _ = await switched_on(ana, clock)
    clock.advance(seconds=60)

    assert (await ana.sign_in(code=app.code(steps=steps))).status_code == status


async def test_a_recovery_code_lets_in_once(ana: Browser, clock: SettableClock) -> None:
    _, codes = await switched_on(ana, clock)

    assert (await ana.sign_in(code=codes[3].upper().replace("-", " "))).status_code == 200
    assert problem(await ana.sign_in(code=codes[3]), 401)["code"] == "code_wrong"
    assert (await ana.sign_in(code=codes[4])).status_code == 200


async def test_wrong_codes_make_wait_as_wrong_passwords_do(ana: Browser, api: Api, clock: SettableClock) -> None:
    app, _ = await switched_on(ana, clock)
    api.app.state.settings.sign_in_free_failures = 2
    async with browser(api.app) as guessing:
        statuses = []
        for code in ("000000", "111111", "abcde-fghjk-mnpqr", app.code()):
            await guessing.sign_in()  # asking whether a code is needed forgives nothing
            statuses.append((await guessing.sign_in(code=code)).status_code)

    assert statuses == [401, 401, 401, 429]


async def test_being_asked_for_the_code_is_no_failure(ana: Browser, api: Api, clock: SettableClock) -> None:
    app, _ = await switched_on(ana, clock)
    api.app.state.settings.sign_in_free_failures = 2
    async with browser(api.app) as other:
        for _ in range(6):
            assert (await other.sign_in()).status_code == 401

        assert (await other.sign_in(code=app.code())).status_code == 200


async def test_switching_it_on_signs_out_what_was_signed_in_without_it(
    ana: Browser, api: Api, clock: SettableClock
) -> None:
    async with browser(api.app) as other:
        ok(await other.sign_in())
        await switched_on(ana, clock)

        assert not await other.is_in()
        assert await ana.is_in()


async def test_it_is_switched_off_with_the_password(ana: Browser, clock: SettableClock) -> None:
    await switched_on(ana, clock)

    assert (await ana.post("/auth/totp/switch-off", {"password": "wrong one 1234"})).status_code == 422
    assert (await ana.post("/auth/totp/switch-off", {"password": PASSWORD})).status_code == 204
    assert (await ana.sign_in()).status_code == 200


async def test_another_app_needs_the_first_one_switched_off(ana: Browser, clock: SettableClock) -> None:
    app, _ = await switched_on(ana, clock)

    assert problem(await ana.post("/auth/totp", {"password": PASSWORD}), 409)
    assert problem(await ana.post("/auth/totp/confirm", {"code": app.code()}), 409)
    assert (await ana.sign_in(code=app.code())).status_code == 200


async def test_an_admin_resets_it_for_who_lost_their_app(ana: Browser, api: Api, clock: SettableClock) -> None:
    await switched_on(ana, clock)
    user = (await ana.me())["user"]

    assert (await api.http.delete(f"/api/v1/users/{user['id']}/totp")).status_code == 204

    assert not (await api.get(f"/users/{user['id']}"))["totp"]
    assert (await ana.sign_in()).status_code == 200


async def test_the_secret_is_stored_encrypted_and_recovery_codes_hashed(
    ana: Browser, api: Api, clock: SettableClock
) -> None:
    proposed: Document = ok(await ana.post("/auth/totp", {"password": PASSWORD}))
    app = App(proposed["secret"], clock)
    codes = ok(await ana.post("/auth/totp/confirm", {"code": app.code()}))["recovery_codes"]

    async with database_of(api).reading() as session:
        user = await session.get(User, 1)
    assert user is not None
    assert user.totp_secret is not None
    assert proposed["secret"] not in user.totp_secret
    assert api.app.state.vault.decrypt(user.totp_secret, "totp") == proposed["secret"]
    assert all(code not in each for code in codes for each in user.recovery_codes)
