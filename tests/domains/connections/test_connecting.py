"""How a link stands after Composio has told of its account; and what is kept of it."""

from datetime import timedelta

import pytest

from app.domains.connections import connecting, revoking
from app.domains.connections.connecting import Connection, Stage
from tests.conftest import START

LATER = START + timedelta(minutes=10)


def pending(linked: str | None = None) -> Connection:
    before = (
        None
        if linked is None
        else Connection(state=Stage.ACTIVE, account_id=linked, user_id="u", at=START, expires_at=START, linked=linked)
    )
    return connecting.begun(
        before, account_id="ca_1", user_id="u", redirect_url="https://c.example/l", expires_at=None, now=START
    )


def test_what_is_stored_is_read_as_it_was() -> None:
    for each in (pending(), pending("ca_0"), connecting.judged(pending(), "FAILED", "no", service="Gmail", now=LATER)):
        assert connecting.read(connecting.written(each)) == each
    assert connecting.read(None) is None


def test_a_link_lives_ten_minutes_where_nobody_says_otherwise() -> None:
    assert pending().expires_at == LATER


@pytest.mark.parametrize("status", ["INITIALIZING", "INITIATED", "SOMETHING_NEW"])
def test_what_is_not_decided_stays_as_it_is_until_the_link_is_surely_over(status: str) -> None:
    surely = LATER + connecting.GRACE

    assert connecting.judged(pending(), status, "", service="Gmail", now=surely - timedelta(seconds=1)) == pending()
    ended = connecting.judged(pending(), status, "", service="Gmail", now=surely)

    assert (ended.state, ended.redirect_url, ended.at) == (Stage.EXPIRED, None, surely)


def test_an_account_that_is_there_is_the_one_that_was_linked() -> None:
    found = connecting.judged(pending("ca_0"), "ACTIVE", "", service="Gmail", now=LATER)

    assert (found.state, found.linked, found.redirect_url, found.why) == (Stage.ACTIVE, "ca_1", None, None)


def test_a_link_that_fails_leaves_the_account_before_as_it_was() -> None:
    found = connecting.judged(pending("ca_0"), "FAILED", "access_denied", service="Gmail", now=LATER)

    assert (found.state, found.linked) == (Stage.FAILED, "ca_0")
    assert found.why == "Gmail did not give access: «access_denied». Ask for a new link."


def test_the_link_is_not_part_of_what_may_be_logged() -> None:
    assert "c.example" not in repr(pending())


def test_giving_back_is_tried_more_and_more_rarely_an_hour_apart_at_most() -> None:
    waits = [revoking.again_after(attempt).total_seconds() for attempt in range(1, 12)]

    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == 3600
