"""When two people may be one: what speaks for it, what against it, and what says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.people.rules import (
    Known,
    better_name,
    canonical,
    evidence,
    is_role,
    key_of,
    mailbox,
    name_key,
    other_spellings,
)

ADDRESSES = ("ana@x.example", "ana.ruiz@x.example", "ana.ruiz@y.example", "a.na+jira@gmail.com", "info@x.example")
NAMES = ("", "Ana", "Ana Ruiz", "Ruiz, Ana", "Ben Ode")


def known(number: int, name: str, *addresses: str, bearers: int = 2) -> Known:
    key = key_of(name, addresses[0])
    return Known(id=number, name=name, name_key=key, addresses=addresses, bearers=bearers)


def strength(one: Known, other: Known, *together: str) -> str | None:
    found = evidence(one, other, together)
    return found.strength if found else None


@pytest.mark.parametrize(
    "spelling",
    [
        "Ana Ruiz",
        "Ruiz, Ana",
        "ANA RUIZ",
        "Ana M. Ruiz",
        "Ána Ruíz",
        "Dr. Ana Ruiz",
        "Ana Ruiz (Sales)",
        "Ana Ruiz via Forum",
        "ana.ruiz",
        "ana_ruiz",
    ],
)
def test_one_full_name_is_known_in_all_its_spellings(spelling: str) -> None:
    assert name_key(spelling) == "ana ruiz"


@pytest.mark.parametrize("half", ["", "Ana", "ana@example.org", "A. R.", "—", "Dr. Ana", "12"])
def test_half_a_name_is_no_full_name(half: str) -> None:
    assert name_key(half) == ""


def test_names_of_other_scripts_are_names() -> None:
    assert name_key("Søren Łukasz") == "lukasz soren"
    assert name_key("山田太郎") == "山田太郎"
    assert name_key("Анна Вебер") == name_key("ВЕБЕР Анна") != ""


@given(st.text())
def test_whatever_stands_for_a_name_has_a_key_that_is_its_own_key(name: str) -> None:
    key = name_key(name)

    assert name_key(key) == key


def test_an_address_made_of_a_name_stands_for_it() -> None:
    assert key_of("", "ana.ruiz@x.example") == "ana ruiz"
    assert key_of("Ana", "ana-ruiz+tag@x.example") == "ana ruiz"
    assert key_of("", "ana@x.example") == key_of("", "no-reply@x.example") == key_of("", "slack:u0.ab") == ""


@pytest.mark.parametrize(
    ("known_as", "offered", "best"),
    [
        ("", "Ana", "Ana"),
        ("Ana", "Ana Ruiz", "Ana Ruiz"),
        ("Ana Ruiz", "Ana", "Ana Ruiz"),
        ("Ana Ruiz", "Ruiz, Ana", "Ana Ruiz"),
        ("Ana", "Annie", "Ana"),
        ("", "ana@x.example", ""),
    ],
)
def test_the_best_name_is_kept(known_as: str, offered: str, best: str) -> None:
    assert better_name(known_as, offered) == best


@pytest.mark.parametrize(
    "address", ["info@x.example", "no-reply@x.example", "noreply-jira@x.example", "support+12@x.example"]
)
def test_an_office_is_nobody(address: str) -> None:
    assert is_role(address)
    assert other_spellings(address) == frozenset()
    assert strength(known(1, "Ana Ruiz", address), known(2, "Ana Ruiz", "ana@x.example")) is None


def test_mail_to_different_spellings_arrives_in_one_mailbox() -> None:
    assert mailbox("a.na+jira@googlemail.com") == mailbox("ana@gmail.com") == "ana@gmail.com"
    assert mailbox("ana+jira@x.example") == "ana@x.example"
    assert mailbox("a.na@x.example") == "a.na@x.example"
    assert mailbox("slack:u1+2") == "slack:u1+2"


@given(st.sampled_from(ADDRESSES))
def test_every_other_spelling_reaches_the_same_mailbox(address: str) -> None:
    assert {mailbox(each) for each in other_spellings(address)} <= {mailbox(address)}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (known(1, "Ana Ruiz", "ana@x.example"), known(2, "Ruiz, Ana", "ar@y.example"), "likely"),
        (known(1, "Ana Ruiz", "ana@x.example"), known(2, "Ana Ruiz", "slack:u1"), "likely"),
        (known(1, "Ana Ruiz", "ana.ruiz@x.example"), known(2, "Ana Ruiz", "ana.ruiz@y.example"), "strong"),
        (known(1, "", "a.na@gmail.com"), known(2, "Ana", "ana+x@googlemail.com"), "strong"),
        (known(1, "", "ana+jira@x.example"), known(2, "", "ana@x.example"), "strong"),
        (known(1, "", "ana.ruiz@x.example"), known(2, "Ana Ruiz", "a@y.example"), "weak"),
        (known(1, "Ana", "ana@x.example"), known(2, "Ana", "ana@y.example"), None),
        (known(1, "Ana Ruiz", "ana@x.example"), known(2, "Ben Ode", "ana@y.example"), None),
    ],
)
def test_what_speaks_for_it_is_weighed(one: Known, other: Known, expected: str | None) -> None:
    assert strength(one, other) == expected


def test_a_common_name_says_nothing_alone_but_a_little_with_the_same_address_elsewhere() -> None:
    one = known(1, "Ana Ruiz", "ana.ruiz@x.example", bearers=3)

    assert strength(one, known(2, "Ana Ruiz", "ar@y.example", bearers=3)) is None
    assert strength(one, known(2, "Ana Ruiz", "ana.ruiz@y.example", bearers=3)) == "weak"


def test_taking_part_in_one_conversation_twice_speaks_against_it() -> None:
    one = known(1, "Ana Ruiz", "ana.ruiz@x.example")

    assert strength(one, known(2, "Ana Ruiz", "ar@y.example"), "The lease") is None
    found = evidence(one, known(2, "Ana Ruiz", "ana.ruiz@y.example"), ["The lease"])
    assert found is not None
    assert found.strength == "weak"
    assert found.sentences == (
        "Both are called “Ana Ruiz”, and nobody else is.",
        "Both have an address that begins with ana.ruiz@.",
        "Against it: both take part in “The lease”.",
    )


people = st.builds(
    lambda name, addresses, bearers: (name, addresses, bearers),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=3, unique=True),
    st.integers(1, 4),
)


@given(people, people, st.lists(st.just("The lease"), max_size=1))
def test_evidence_is_the_same_whichever_is_named_first(
    a: tuple[str, list[str], int], b: tuple[str, list[str], int], together: list[str]
) -> None:
    one = known(1, a[0], *a[1], bearers=a[2])
    other = known(2, b[0], *b[1], bearers=b[2])

    assert evidence(one, other, together) == evidence(other, one, together)


@given(people, people)
def test_conversations_in_common_never_speak_for_it(
    a: tuple[str, list[str], int], b: tuple[str, list[str], int]
) -> None:
    one, other = known(1, a[0], *a[1], bearers=a[2]), known(2, b[0], *b[1], bearers=b[2])
    order = (None, "weak", "likely", "strong")

    assert order.index(strength(one, other, "The lease")) <= order.index(strength(one, other))


def test_the_first_address_that_mail_reaches_stands_for_a_person() -> None:
    assert canonical(["slack:u1", "ana@x.example", "ar@y.example"]) == "ana@x.example"
    assert canonical(["slack:u1", "notion:2"]) == "slack:u1"
