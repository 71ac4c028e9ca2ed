"""What columns are taken to mean, for the headers that trackers write; and why, and how people correct it."""

from collections.abc import Mapping

import pytest

from app.integrations.contract import Column, Field, Options, Said
from app.integrations.exports.columns import (
    AS_SAID,
    BY_NAME,
    BY_TYPE,
    BY_VALUES,
    FIRST_WORDS,
    FOR_STATUS,
    KEPT,
    LEFT_OUT,
    guess,
)


def columns(
    header: str, *rows: str, said: Mapping[str, Said] | None = None, types: Mapping[str, Field] | None = None
) -> dict[str, Column]:
    cells = [row.split("|") for row in rows]
    found = guess(header.split("|"), cells, Options(columns=said or {}), types)
    return {column.name: column for column in found}


def meanings(found: Mapping[str, Column]) -> dict[str, str]:
    return {name: column.field for name, column in found.items() if column.field}


JIRA = (
    "Summary|Issue key|Issue id|Issue Type|Status|Project key|Project name|Priority|Resolution|Assignee|Reporter|"
    "Created|Updated|Resolved|Due date|Labels|Description|Status Category"
)
LINEAR = (
    "ID|Team|Title|Description|Status|Estimate|Priority|Project ID|Project|Creator|Assignee|Labels|Cycle Number|"
    "Created|Updated|Started|Triaged|Completed|Canceled|Archived|Due Date|Parent issue|SLA Status"
)
ASANA = (
    "Task ID|Created At|Completed At|Last Modified|Name|Section/Column|Assignee|Assignee Email|Start Date|Due Date|"
    "Tags|Notes|Projects|Parent task|Blocked By (Dependencies)|Blocking (Dependencies)"
)
TRELLO = (
    "Card ID|Card Name|Card URL|Card Description|Labels|Members|Due Date|Attachment Count|Last Activity Date|List ID|"
    "List Name|Board ID|Board Name|Archived|Start Date|Due Complete"
)
GITHUB = "number|title|body|state|labels|assignees|milestone.title|url|createdAt|closedAt|updatedAt|author.login"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            JIRA,
            "title=Summary id=Issue key status=Status project=Project name priority=Priority assignee=Assignee "
            "creator=Reporter created=Created changed=Updated finished=Resolved due=Due date labels=Labels "
            "text=Description",
        ),
        (
            LINEAR,
            "id=ID title=Title text=Description status=Status priority=Priority project=Project creator=Creator "
            "assignee=Assignee labels=Labels created=Created changed=Updated started=Started finished=Completed "
            "due=Due Date",
        ),
        (
            ASANA,
            "id=Task ID created=Created At finished=Completed At changed=Last Modified title=Name "
            "status=Section/Column assignee=Assignee scheduled=Start Date due=Due Date labels=Tags text=Notes "
            "project=Projects depends_on=Blocked By (Dependencies)",
        ),
        (
            TRELLO,
            "id=Card ID title=Card Name url=Card URL text=Card Description labels=Labels assignee=Members due=Due Date "
            "changed=Last Activity Date status=List Name project=Board Name scheduled=Start Date",
        ),
        (
            GITHUB,
            "id=number title=title text=body status=state labels=labels assignee=assignees project=milestone.title "
            "url=url created=createdAt finished=closedAt changed=updatedAt creator=author.login",
        ),
        (
            "Aufgabe|Fälligkeit|Zuständig|Prio|Stand",
            "title=Aufgabe due=Fälligkeit assignee=Zuständig priority=Prio status=Stand",
        ),
        (
            "Tâche|Échéance|Responsable|Priorité|Statut",
            "title=Tâche due=Échéance assignee=Responsable priority=Priorité status=Statut",
        ),
        (
            "Tarea|Fecha límite|Responsable|Prioridad|Estado",
            "title=Tarea due=Fecha límite assignee=Responsable priority=Prioridad status=Estado",
        ),
        (
            "📝 Task name|Ticket status|⏰ Deadline (UTC)|Epic",
            "title=📝 Task name status=Ticket status due=⏰ Deadline (UTC) project=Epic",
        ),
    ],
)
def test_the_headers_of_trackers_are_understood(header: str, expected: str) -> None:
    found = meanings(columns(header))

    assert sorted(f"{field}={name}" for name, field in found.items()) == sorted(_pairs(expected))


def _pairs(text: str) -> list[str]:
    """«title=Task name due=Due» in pieces: a name may hold spaces."""
    pieces: list[str] = []
    for word in text.split(" "):
        if "=" in word:
            pieces.append(word)
        else:
            pieces[-1] += f" {word}"
    return pieces


def test_where_names_say_nothing_the_values_do() -> None:
    found = columns(
        "A|B|C|D", "Write the report|In progress|High|2026-03-01", "Call|Done|Low|2026-03-02", "Ask|Done|Low|"
    )

    assert meanings(found) == {"A": "title", "B": "status", "C": "priority", "D": "due"}
    assert (found["A"].why, found["B"].why, found["D"].why) == (FIRST_WORDS, BY_VALUES, BY_VALUES)
    assert found["B"].examples == ("In progress", "Done")


def test_dates_are_no_due_dates_where_their_name_says_something_else() -> None:
    assert "due" not in meanings(columns("Task|Birthday sent|Paid on", "Call|2026-03-01|2026-03-02")).values()
    assert meanings(columns("Task|Date added", "Call|2026-03-01"))["Date added"] == "created"


def test_a_name_is_believed_only_as_far_as_the_values_allow() -> None:
    found = columns("Task|Due|Status", "Rent|12.50|2026-03-01", "Power|30.00|2026-03-02")

    assert "status" not in meanings(found).values()
    assert found["Due"].field is None


def test_an_empty_column_takes_nothing_from_a_full_one() -> None:
    assert meanings(columns("CONTENT|DATE|DEADLINE", "Call|2026-03-01|", "Ask|2026-03-02|"))["DATE"] == "due"


def test_a_type_outweighs_a_name_and_what_a_person_says_outweighs_both() -> None:
    header, row = "Name|Status|Due|Next step", "Call|open|2026-03-01|2026-03-02"
    types: dict[str, Field] = {"Next step": "due"}

    typed = columns(header, row, types=types)
    assert (typed["Next step"].field, typed["Next step"].why, typed["Due"].field) == ("due", BY_TYPE, None)

    said = columns(header, row, types=types, said={"due": "due", "STATUS": None})
    assert (said["Due"].field, said["Due"].why, said["Next step"].field) == ("due", AS_SAID, None)
    assert (said["Status"].field, said["Status"].why) == (None, LEFT_OUT)


def test_a_column_whose_guess_errs_can_be_kept_without_a_meaning() -> None:
    kept = columns("Task|Due", "Call|2026-03-01", said={"due": "keep"})["Due"]

    assert (kept.field, kept.why) == (None, AS_SAID)


@pytest.mark.parametrize("name", ["Resolution", "Archived", "Canceled", "Due Complete"])
def test_a_column_that_counts_for_the_status_says_so(name: str) -> None:
    found = columns(f"Task|Status|{name}|Size", "a|Open|x|3")

    assert (found[name].field, found[name].why) == (None, FOR_STATUS)
    assert found["Size"].why == KEPT


def test_each_field_goes_to_one_column() -> None:
    found = columns("Title|Name|Summary|Owner|Assignee", "a|b|c|d|e")

    assert sorted(meanings(found).values()) == ["assignee", "title"]
    assert found["Title"].why == BY_NAME


def test_a_column_whose_values_repeat_is_no_id() -> None:
    assert "id" not in meanings(columns("ID|Task", "7|a", "7|b")).values()
