"""Rows that bear the same id, or none and the same title, keep what a person set on them in any order."""

from pathlib import Path

from app.integrations.contract import Options
from app.integrations.tables import CSV
from app.records import Item

HEAD = "Title,Status,Assignee,Notes"


def ids(folder: Path, *lines: str, head: str = HEAD) -> dict[str, str]:
    """Each row's assignee and text to its id."""
    return {f"{who(item)} {item.text}".strip(): item.external_id for item in items(folder, *lines, head=head)}


def who(item: Item) -> str:
    return item.work.assignees[0].name if item.work and item.work.assignees else ""


def items(folder: Path, *lines: str, head: str = HEAD) -> list[Item]:
    path = folder / "t.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return [one.what for one in CSV.reader.read(path, Options()) if isinstance(one.what, Item)]


def test_rows_alike_keep_their_ids_in_another_order(tmp_path: Path) -> None:
    ana, ben, more = "Follow up,open,Ana,", "Follow up,open,Ben,", "Follow up,open,Ben,the invoice"

    assert len(set(ids(tmp_path, ana, ben, more).values())) == 3
    assert ids(tmp_path, ana, ben, more) == ids(tmp_path, more, ben, ana)


def test_their_ids_do_not_lean_on_what_is_worked_on(tmp_path: Path) -> None:
    before = ids(tmp_path, "Follow up,open,Ana,", "Follow up,open,Ben,")

    assert ids(tmp_path, "Follow up,open,Ben,", "Follow up,done,Ana,") == before


def test_it_is_said_once(tmp_path: Path) -> None:
    found = items(tmp_path, "Call,open,Ana,", "Call,open,Ben,", "Mail,open,Ana,", "Mail,open,Ben,", "Else,open,Ana,")

    assert [len(item.problems) for item in found] == [1, 0, 0, 0, 0]
    assert "told apart by assignee and text" in found[0].problems[0]


def test_a_row_that_no_other_is_like_keeps_its_id_whoever_has_it(tmp_path: Path) -> None:
    (before,) = items(tmp_path, "Follow up,open,Ana,x")
    (after,) = items(tmp_path, "Follow up,open,Ben,y")

    assert before.external_id == after.external_id


def test_equal_rows_are_one(tmp_path: Path) -> None:
    assert len({item.external_id for item in items(tmp_path, "Call,open,Ana,", "Call,open,Ana,")}) == 1
