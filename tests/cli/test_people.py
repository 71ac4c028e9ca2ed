"""`watchfloor people`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Watchfloor
from tests.workflows.mailbox import US, mail, write


@pytest.fixture
def people(watchfloor: Watchfloor, tmp_path: Path) -> dict[str, int]:
    """Anna under two addresses, and we. Ids by address."""
    messages = [
        mail("Could you sign it?", subject="The contract"),
        mail("And this?", subject="The lease", id="two@home.example", sender='"Weber, Anna" <aw@home.example>'),
    ]
    assert watchfloor("import", write(tmp_path / "inbox.mbox", messages)).exit_code == 0
    return {person["address"]: person["id"] for person in as_json(watchfloor, "people")}


def as_json(watchfloor: Watchfloor, *arguments: str) -> Any:
    return json.loads(watchfloor(*arguments, "--json").stdout)


def test_everybody_is_listed_and_found_by_words(watchfloor: Watchfloor, people: dict[str, int]) -> None:
    assert set(people) == {"anna@client.example", "aw@home.example", US}
    assert "Anna Weber: anna@client.example" in watchfloor("people").stdout
    assert "anna@client" not in watchfloor("people", "-q", "home").stdout
    assert watchfloor("people", "-q", "nobody").stdout == "Nobody is known by that.\n"


def test_who_may_be_one_is_said_with_evidence_and_what_to_do(watchfloor: Watchfloor, people: dict[str, int]) -> None:
    said = watchfloor("people", "--suggestions").stdout

    assert "“Anna Weber” and “Weber, Anna” are the same name, and nobody else bears it." in said
    assert f"people merge {people['aw@home.example']} {people['anna@client.example']}" in said


def test_two_are_joined_and_taken_apart_again(watchfloor: Watchfloor, people: dict[str, int]) -> None:
    anna = str(people["anna@client.example"])

    joined = as_json(watchfloor, "people", "merge", str(people["aw@home.example"]), anna)

    assert [each["address"] for each in joined["identities"]] == ["anna@client.example", "aw@home.example"]
    assert watchfloor("people", "--suggestions").stdout == "Nobody seems to be known twice.\n"
    assert watchfloor("people", "separate", anna, "aw@home.example").exit_code == 0
    assert watchfloor("people", "--suggestions").stdout == "Nobody seems to be known twice.\n"
    assert len(as_json(watchfloor, "people", "-q", "Weber")) == 2


def test_who_is_one_of_us_is_said_and_taken_back(watchfloor: Watchfloor, people: dict[str, int]) -> None:
    anna = str(people["anna@client.example"])

    assert "(one of us)" in watchfloor("people", "us", anna).stdout
    assert "(one of us)" in watchfloor("people", "-q", "anna").stdout
    assert "(one of us)" not in watchfloor("people", "us", anna, "--no").stdout


def test_what_can_not_be_done_is_said_in_a_sentence(watchfloor: Watchfloor, people: dict[str, int]) -> None:
    done = watchfloor("people", "merge", "999", str(people[US]))

    assert done.exit_code == 1
    assert "There is no person 999." in done.stderr
