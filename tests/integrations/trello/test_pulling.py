"""What a pull of Trello brings: cards as tasks, what changed, and what is gone."""

from datetime import UTC, datetime, timedelta

import pytest

from app.integrations.exports.links import links_in
from app.integrations.trello.asking import CARD, CARDS
from app.records import Person
from tests.integrations.pulled import START, Office


@pytest.fixture
def office() -> Office:
    return Office("trello")


def columns(office: Office, board: str) -> dict[str, str]:
    return {each["name"]: own for own, each in office.world.lists.items() if each["idBoard"] == board}


async def test_a_card_says_all_that_a_task_needs(office: Office) -> None:
    ana = office.world.add_member("Ana Ruiz")
    board = office.world.add_board("Roofs", people=[ana])
    card = office.world.add_card(
        columns(office, board)["Doing"],
        "Fix  the roof",
        desc="As agreed in https://www.notion.so/" + "a" * 32,
        due="2026-03-25T12:00:00.000Z",
        start="2026-03-21T08:00:00.000Z",
        idMembers=[ana, "5f0000000000000000000009"],
        labels=[{"name": "Urgent", "color": "red"}, {"name": "", "color": "green"}],
        badges={"comments": 3, "checkItems": 5, "checkItemsChecked": 2, "attachments": 1},
    )

    await office.pull()

    item, work = office.store.item("Fix the roof"), office.store.work("Fix the roof")
    assert (item.external_id, item.sent_at) == (card, START.replace(microsecond=0))
    assert item.url == office.world.cards[card]["shortUrl"]
    assert item.links == ("notion:" + "a" * 32,)
    assert (work.status, work.status_name, work.project) == ("open", "Doing", "Roofs")
    assert (work.due_at, work.scheduled_at) == (
        datetime(2026, 3, 25, 12, tzinfo=UTC),
        datetime(2026, 3, 21, 8, tzinfo=UTC),
    )
    assert work.assignees == (Person("Ana Ruiz"),)
    assert (work.labels, work.notes) == (("Urgent", "green"), 3)
    assert work.fields == (("Checklists", "2 of 5 done"), ("Attachments", "1"))


async def test_a_link_to_a_card_in_any_text_leads_to_it(office: Office) -> None:
    board = office.world.add_board("Roofs")
    card = office.world.add_card(columns(office, board)["Doing"], "Fix the roof")
    await office.pull()
    short = office.world.cards[card]["shortLink"]

    assert (
        links_in(f"see https://trello.com/c/{short}/12-fix-the-roof, please") == office.store.item("Fix the roof").keys
    )
    assert links_in("https://trello.com/b/AbCdEf12 and https://trello.com.evil.example/c/AbCdEf12") == ()


@pytest.mark.parametrize(
    ("column", "said", "settings", "status", "called"),
    [
        ("Doing", {}, {}, "open", "Doing"),
        ("Done", {}, {}, "done", "Done"),
        ("Doing", {"dueComplete": True}, {}, "done", "Doing, complete"),
        ("Doing", {"closed": True}, {}, "done", "Doing, archived"),
        ("✅ Shipped!", {}, {}, "done", "✅ Shipped!"),
        ("Won't do", {}, {}, "declined", "Won't do"),
        ("Parking", {}, {}, "open", "Parking"),
        ("Parking", {}, {"done_lists": ["parking"]}, "done", "Parking"),
        ("Done", {}, {"done_lists": ["parking"]}, "open", "Done"),
        ("Parking", {}, {"move_done_to": "🅿 Parking"}, "done", "Parking"),
    ],
)
async def test_list_archive_and_completion_say_how_a_card_stands(
    office: Office, column: str, said: dict[str, object], settings: dict[str, object], status: str, called: str
) -> None:
    board = office.world.add_board("Roofs", lists=(column,))
    office.world.add_card(columns(office, board)[column], "Card", **said)
    office.settings = settings

    await office.pull()

    work = office.store.work("Card")
    assert (work.status, work.status_name) == (status, called)


async def test_open_cards_come_whatever_their_age_and_others_by_their_last_activity(office: Office) -> None:
    board = office.world.add_board("Roofs")
    old = START - timedelta(days=400)
    for name, at in (("Old", old), ("New", START)):
        office.world.add_card(columns(office, board)["Doing"], f"{name} open", at=at)
        office.world.add_card(columns(office, board)["Done"], f"{name} done", at=at)

    await office.pull()

    assert {item.subject for item in office.store.items.values()} == {"Old open", "New open", "New done"}


async def test_where_nothing_happened_one_call_tells_so(office: Office) -> None:
    office.world.generate(boards=3, cards=5)
    office.clock.advance(hours=1)
    await office.pull()
    office.clock.advance(minutes=30)

    await office.pull()
    calls = office.tools.counted()

    assert calls.total() == 1
    assert office.store.updated == []


async def test_of_one_board_that_changed_the_changed_card_is_read(office: Office) -> None:
    office.world.generate(boards=3, cards=5)
    office.clock.advance(hours=1)
    await office.pull()
    office.clock.advance(hours=1)
    card = next(iter(office.world.cards))
    office.world.edit_card(card, name="Another name")

    pages = await office.pull()

    assert office.tools.counted()[CARDS] == 2
    assert [read.what.subject for page in pages for read in page.reads] == ["Another name"]  # type: ignore[union-attr] # items


async def test_a_renamed_list_changes_every_card_in_it_though_nothing_happened_on_the_cards(office: Office) -> None:
    board = office.world.add_board("Roofs", lists=("Doing",))
    for number in range(3):
        office.world.add_card(columns(office, board)["Doing"], f"Card {number}", at=START - timedelta(days=5))
    await office.pull()
    office.clock.advance(hours=1)

    office.world.edit_list(columns(office, board)["Doing"], name="Done")
    await office.pull()

    assert set(office.store.statuses().values()) == {"done"}


async def test_deleted_cards_are_gone_at_the_next_full_listing_and_so_are_those_moved_out_of_sight(
    office: Office,
) -> None:
    one, other = office.world.add_board("One"), office.world.add_board("Other")
    office.settings = {"boards": [one]}
    kept, deleted, moved = (office.world.add_card(columns(office, one)["Doing"], name) for name in "ABC")
    await office.pull()
    office.world.delete_card(deleted)
    office.world.move_card(moved, columns(office, other)["Doing"])
    office.clock.advance(hours=25)

    await office.pull()

    assert set(office.store.items) == {kept}
    assert office.tools.counted()[CARD] == 2


async def test_a_card_moved_between_boards_that_are_pulled_stays_the_same_task(office: Office) -> None:
    one, other = office.world.add_board("One"), office.world.add_board("Other")
    card = office.world.add_card(columns(office, one)["Doing"], "Card")
    await office.pull()
    office.clock.advance(hours=1)

    office.world.move_card(card, columns(office, other)["Done"])
    await office.pull()

    assert (set(office.store.items), office.store.work("Card").project) == ({card}, "Other")


async def test_a_closed_board_ends_its_cards_and_opening_it_again_brings_them_back(office: Office) -> None:
    board = office.world.add_board("Roofs")
    office.world.add_card(columns(office, board)["Doing"], "Card")
    await office.pull()

    office.clock.advance(hours=1)
    office.world.edit_board(board, closed=True)
    await office.pull()
    closed = office.store.work("Card")
    office.clock.advance(hours=1)
    office.world.edit_board(board, closed=False)
    await office.pull()

    assert (closed.status, closed.status_name) == ("done", "Doing, archived")
    assert office.store.work("Card").status == "open"


async def test_a_board_out_of_sight_keeps_its_cards_until_trello_has_it_no_longer(office: Office) -> None:
    seen, lost = office.world.add_board("Seen"), office.world.add_board("Lost")
    office.world.add_card(columns(office, seen)["Doing"], "Stays")
    card = office.world.add_card(columns(office, lost)["Doing"], "Lost")
    await office.pull()

    office.world.show_board(lost, shown=False)
    office.clock.advance(hours=25)
    await office.pull()
    assert card in office.store.items

    office.world.delete_board(lost)
    office.clock.advance(hours=25)
    await office.pull()
    assert {item.subject for item in office.store.items.values()} == {"Stays"}


async def test_other_boards_in_the_settings_are_followed_at_once(office: Office) -> None:
    one, other = office.world.add_board("One"), office.world.add_board("Other")
    office.world.add_card(columns(office, one)["Doing"], "A")
    office.world.add_card(columns(office, other)["Doing"], "B")
    await office.pull()

    office.settings = {"boards": [office.world.boards[other]["shortLink"]]}
    await office.pull()

    assert {item.subject for item in office.store.items.values()} == {"B"}


async def test_of_too_many_boards_the_same_are_pulled_each_time_and_the_others_are_said(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.trello.run.MOST_BOARDS", 2)
    office.world.generate(boards=2, cards=3)
    await office.pull()
    new = office.world.add_board("New")
    office.world.boards = {new: office.world.boards[new], **office.world.boards}
    office.world.add_card(columns(office, new)["Doing"], "Unseen")
    office.clock.advance(hours=25)

    await office.pull()

    assert len(office.store.items) == 6
    assert (office.store.gone, office.store.refusals[-1].what) == ([], "1 of the boards")


async def test_a_deleted_card_is_gone_though_boards_were_left_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.trello.run.MOST_BOARDS", 1)
    office.world.generate(boards=2, cards=1)
    await office.pull()
    [deleted] = office.store.items
    office.world.delete_card(deleted)
    office.clock.advance(hours=25)

    await office.pull()

    assert office.store.gone == [deleted]


async def test_a_full_listing_that_is_killed_begins_anew_and_takes_nothing_listed_before_for_gone(
    office: Office,
) -> None:
    office.world.generate(boards=2, cards=4)
    await office.pull()
    office.clock.advance(hours=25)
    await office.pull(pages=3)

    await office.pull()

    calls = office.tools.counted()
    assert (calls[CARDS], calls[CARD], office.store.gone) == (4, 0, [])


async def test_labels_alone_are_seen_at_the_next_full_listing(office: Office) -> None:
    board = office.world.add_board("Roofs")
    card = office.world.add_card(columns(office, board)["Doing"], "Card")
    office.clock.advance(hours=1)
    await office.pull()
    office.clock.advance(hours=1)

    office.world.label_card(card, "Urgent")
    await office.pull()
    before = office.store.work("Card").labels
    office.clock.advance(hours=24)
    await office.pull()

    assert (before, office.store.work("Card").labels) == ((), ("Urgent",))


async def test_the_cursor_stays_small(office: Office) -> None:
    office.world.generate(boards=8, cards=60)
    await office.pull(pages=5)

    assert len(str(office.store.cursor)) < 3_000
