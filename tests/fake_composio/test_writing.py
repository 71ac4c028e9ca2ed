"""What the stand-in's services take to be written, what they refuse, and that the next reading shows it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.slack import Workspace
from scripts.fake_composio.toolkit import ToolFailed, Toolkit

NOW = datetime(2026, 3, 20, 9, 0, 30, tzinfo=UTC)
ADD, REMOVE = "SLACK_ADD_REACTION_TO_AN_ITEM", "SLACK_REMOVE_REACTION_FROM_ITEM"
RELABEL, RELABEL_THREAD, CREATE = "GMAIL_ADD_LABEL_TO_EMAIL", "GMAIL_MODIFY_THREAD_LABELS", "GMAIL_CREATE_LABEL"
PAGE, ROW = "NOTION_UPDATE_PAGE", "NOTION_UPDATE_ROW_DATABASE"


def call(kit: Toolkit, tool: str, **arguments: Any) -> Any:
    return kit.tools[tool](arguments)


def refused(kit: Toolkit, tool: str, **arguments: Any) -> ToolFailed:
    with pytest.raises(ToolFailed) as caught:
        call(kit, tool, **arguments)
    return caught.value


class TestGmail:
    @pytest.fixture
    def box(self) -> Mailbox:
        return Mailbox(lambda: NOW)

    def test_labels_are_changed_and_history_tells_of_it(self, box: Mailbox) -> None:
        own, stood = box.deliver(), box.history_id

        answer = call(box, RELABEL, message_id=own, add_label_ids=["STARRED"], remove_label_ids=["INBOX", "SPAM"])

        assert answer["labelIds"] == ["CATEGORY_PERSONAL", "STARRED", "UNREAD"]
        records = call(box, "GMAIL_LIST_HISTORY", start_history_id=str(stood))["history"]
        assert [name for each in records for name in each if name.startswith("labels")] == [
            "labelsAdded",
            "labelsRemoved",
        ]

    def test_what_changes_nothing_is_no_part_of_history(self, box: Mailbox) -> None:
        own, stood = box.deliver(), box.history_id

        call(box, RELABEL, message_id=own, add_label_ids=["INBOX"])

        assert box.history_id == stood

    def test_a_thread_is_changed_in_all_its_messages(self, box: Mailbox) -> None:
        first = box.deliver(message_id="<1@x.example>")
        second = box.deliver(message_id="<2@x.example>", in_reply_to="<1@x.example>")

        call(box, RELABEL_THREAD, thread_id=first, remove_label_ids=["INBOX"])

        assert "INBOX" not in box.messages[first].labels | box.messages[second].labels

    def test_a_label_is_made_once(self, box: Mailbox) -> None:
        made = call(box, CREATE, label_name="Watchfloor/Done")

        again = refused(box, CREATE, label_name="watchfloor/done")

        assert made["id"] in {each["id"] for each in call(box, "GMAIL_LIST_LABELS")["labels"]}
        assert (again.status_code, again.message) == (409, "Label name exists or conflicts")

    @pytest.mark.parametrize(
        ("tool", "arguments", "code"),
        [
            (RELABEL, {"message_id": "abc", "add_label_ids": ["INBOX"]}, 404),
            (RELABEL_THREAD, {"thread_id": "abc", "add_label_ids": ["INBOX"]}, 404),
            (CREATE, {"label_name": "inbox"}, 400),
            (CREATE, {"label_name": ""}, 400),
        ],
    )
    def test_what_is_not_there_or_no_name_is_refused(
        self, box: Mailbox, tool: str, arguments: dict[str, Any], code: int
    ) -> None:
        assert refused(box, tool, **arguments).status_code == code

    @pytest.mark.parametrize(
        "asked", [{}, {"add_label_ids": ["Label_9"]}, {"add_label_ids": ["INBOX"], "remove_label_ids": ["INBOX"]}]
    )
    def test_labels_that_are_unknown_or_say_both_are_refused(self, box: Mailbox, asked: dict[str, Any]) -> None:
        assert refused(box, RELABEL, message_id=box.deliver(), **asked).status_code == 400

    def test_without_the_scope_nothing_is_written(self, box: Mailbox) -> None:
        own = box.deliver()
        box.change({"do": "let_write", "allowed": False})

        for tool, asked in ((RELABEL, {"message_id": own}), (RELABEL_THREAD, {"thread_id": own}), (CREATE, {})):
            assert refused(box, tool, **asked).message == "Request had insufficient authentication scopes."


class TestSlack:
    @pytest.fixture
    def space(self) -> Workspace:
        space = Workspace(lambda: NOW)
        for id_, name in (("U1", "Ada"), ("U2", "Ben")):
            space.user(id_, name)
        space.channel("C1", "general")
        return space

    def test_a_reaction_is_set_and_taken_off_and_shown(self, space: Workspace) -> None:
        ts = space.post("C1", "U2", "hello")
        space.react("C1", ts, "tada", "U2")

        assert call(space, ADD, channel="C1", timestamp=ts, name="tada") == {"ok": True}
        [shown] = call(space, "SLACK_FETCH_CONVERSATION_HISTORY", channel="C1")["messages"]
        assert shown["reactions"] == [{"name": "tada", "users": ["U2", "U1"], "count": 2}]
        call(space, REMOVE, channel="C1", timestamp=ts, name="tada")
        space.change({"do": "unreact", "channel": "C1", "ts": ts, "name": "tada", "user": "U2"})

        assert "reactions" not in call(space, "SLACK_FETCH_CONVERSATION_HISTORY", channel="C1")["messages"][0]

    @pytest.mark.parametrize(
        ("tool", "change", "word"),
        [
            (ADD, {"do": "react", "user": "U1", "name": "tada"}, "already_reacted"),
            (REMOVE, {"do": "react", "user": "U2", "name": "tada"}, "no_reaction"),
            (ADD, {"do": "delete"}, "message_not_found"),
            (ADD, {"do": "leave"}, "not_in_channel"),
            (ADD, {"do": "archive"}, "is_archived"),
            (ADD, {"do": "let_write", "allowed": False}, "missing_scope"),
        ],
    )
    def test_it_refuses_in_slacks_words(self, space: Workspace, tool: str, change: dict[str, Any], word: str) -> None:
        ts = space.post("C1", "U2", "hello")
        where = {} if change["do"] == "let_write" else {"channel": "C1"}
        what = {"ts": ts} if change["do"] in ("react", "delete") else {}
        space.change({**change, **where, **what})

        failed = refused(space, tool, channel="C1", timestamp=ts, name="tada")

        assert failed.data == {"ok": False, "error": word}

    @pytest.mark.parametrize("name", ["", "two words"])
    def test_a_name_that_is_none_is_refused(self, space: Workspace, name: str) -> None:
        ts = space.post("C1", "U2", "hello")

        assert refused(space, ADD, channel="C1", timestamp=ts, name=name).message == "invalid_name"


class TestNotion:
    @pytest.fixture
    def space(self) -> NotionSpace:
        return NotionSpace(lambda: NOW)

    @pytest.fixture
    def row(self, space: NotionSpace) -> str:
        schema = {
            "Name": {"type": "title", "title": {}},
            "Status": {"type": "status", "status": {"options": [{"name": "Next"}, {"name": "Done"}]}},
            "Stage": {"type": "select", "select": {"options": [{"name": "One"}]}},
            "Ticked": {"type": "checkbox", "checkbox": {}},
        }
        return space.add_row(space.add_database("Tasks", schema), {"Name": "Roof", "Status": "Next", "Ticked": False})

    def test_a_row_is_changed_in_the_apis_form(self, space: NotionSpace, row: str) -> None:
        given = {"Status": {"status": {"name": "Done"}}, "Stage": {"select": None}, "Ticked": {"checkbox": True}}

        answer = call(space, PAGE, page_id=row, properties=given)

        said = answer["properties"]
        assert (said["Status"]["status"]["name"], said["Stage"]["select"], said["Ticked"]["checkbox"]) == (
            "Done",
            None,
            True,
        )

    def test_a_row_is_changed_as_composio_lists_it(self, space: NotionSpace, row: str) -> None:
        given = [
            {"name": "Status", "type": "status", "value": "Done"},
            {"name": "Ticked", "type": "checkbox", "value": "True"},
        ]

        said = call(space, ROW, row_id=row, properties=given)["properties"]

        assert (said["Status"]["status"]["name"], said["Ticked"]["checkbox"]) == ("Done", True)

    def test_a_select_learns_a_new_option_and_a_status_does_not(self, space: NotionSpace, row: str) -> None:
        call(space, PAGE, page_id=row, properties={"Stage": {"select": {"name": "Two"}}})

        failed = refused(space, PAGE, page_id=row, properties={"Status": {"status": {"name": "Two"}}})

        assert (failed.status_code, failed.message) == (
            400,
            'Invalid status option. Status option "Two" does not exist.',
        )

    @pytest.mark.parametrize(
        "given",
        [
            {},
            None,
            {"Owner": {"people": []}},
            {"Status": {"select": {"name": "Done"}}},
            {"Ticked": {"checkbox": "yes"}},
            {"Name": {"title": []}},
            [{"name": "Status", "type": "select", "value": "Done"}],
        ],
    )
    def test_what_the_table_does_not_have_is_refused(self, space: NotionSpace, row: str, given: Any) -> None:
        assert refused(space, PAGE, page_id=row, properties=given).status_code == 400

    def test_a_row_in_the_trash_is_not_edited(self, space: NotionSpace, row: str) -> None:
        space.trash_row(row)

        failed = refused(space, PAGE, page_id=row, properties={"Ticked": {"checkbox": True}})

        assert "Can't edit block that is archived" in failed.message

    def test_without_the_capability_nothing_is_written(self, space: NotionSpace, row: str) -> None:
        space.change({"do": "let_write", "allowed": False})

        failed = refused(space, PAGE, page_id=row, properties={"Ticked": {"checkbox": True}})

        assert (failed.status_code, failed.body()["code"]) == (403, "restricted_resource")
