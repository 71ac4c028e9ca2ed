"""What is kept of a stranger's answer: its shape and words, no secret, never without bound."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.redaction import REDACTED, bounded, redacted, without_secrets

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=12), inner, max_size=8),
    max_leaves=60,
)


@pytest.mark.parametrize(
    "name", ["access_token", "refreshToken", "client_secret", "password", "Authorization", "api-key", "set-cookie"]
)
def test_what_is_called_like_a_secret_is_taken_out_wherever_it_stands(name: str) -> None:
    assert redacted({"a": [{name: "s3cr3t"}]}) == {"a": [{name: REDACTED}]}


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-123456789012-abcdefghijkl",
        "Bearer abcdefghijklmnop",
        "ya29.a0AfH6SMBabcdefgh",
        "sk-abcdefghijklmnopqrstuv",
        "https://files.example/x?token=abc123",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "AIzaSyA-1234567890abcdefghijklmnopqrstu",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_taken_out_of_a_text(text: str) -> None:
    kept = redacted({"text": f"see {text} there"})["text"]

    assert REDACTED in kept
    assert kept.startswith("see ")
    assert kept.endswith(" there")
    assert text.rpartition("=")[2].rpartition(" ")[2] not in kept


@pytest.mark.parametrize(
    "value",
    [
        {"credentials": {"value": "hunter2"}},
        {"tokens": ["hunter2", {"of": [{"whom": "hunter2"}]}]},
        {"text": "postgres://ops:hunter2@db.example/x"},
        {"text": "-----BEGIN PRIVATE KEY-----\nhunter2 that breaks off"},
        {"https://ops:hunter2@files.example/": 1},
    ],
)
def test_nothing_of_a_secret_is_left_below_its_name_or_within_an_address(value: object) -> None:
    kept, altered = without_secrets(value)

    assert "hunter2" not in str(kept)
    assert altered


@pytest.mark.parametrize(
    "value",
    [
        {"text": "see http://localhost:8000/a@b, or https://example.org/?q=a:b@c", "at": [1, None, 2.5, True]},
        {"nextPageToken": "0987", "token": "", "tokens": 3},
    ],
)
def test_what_holds_no_secret_is_what_was_given(value: object) -> None:
    assert without_secrets(value) == (value, False)


def test_where_a_page_stood_is_no_secret() -> None:
    assert redacted({"nextPageToken": "0987", "page_token": "1"}) == {"nextPageToken": "0987", "page_token": "1"}


def test_a_small_value_is_kept_as_it_is() -> None:
    assert bounded({"messages": [1, 2]}, 1000) == ({"messages": [1, 2]}, False)


def test_a_large_one_keeps_its_shape_and_says_what_is_left_out() -> None:
    value = {"messages": [{"id": n, "text": "x" * 5000} for n in range(100)]}

    kept, shortened = bounded(value, 20_000)

    assert shortened
    assert kept["messages"][0]["id"] == 0
    assert "more characters" in kept["messages"][0]["text"]
    assert "more" in kept["messages"][-1]


@given(VALUES, st.integers(50, 2000))
def test_nothing_grows_beyond_its_bound(value: object, most: int) -> None:
    kept, _ = bounded(redacted(value), most)

    assert len(json.dumps(kept, ensure_ascii=False)) <= 2 * most + 2
