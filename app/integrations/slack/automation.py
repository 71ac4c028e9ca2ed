"""Which messages a person wrote to people, and why the others ask for no work."""

from app.integrations.slack.directory import SLACKBOT, Directory
from app.integrations.slack.values import Object, first_text, inner, text
from app.records import Automation

BY_PEOPLE = {
    *("", "me_message", "file_share", "file_comment", "file_mention", "thread_broadcast", "reply_broadcast"),
    *("document_comment_root", "list_record_comment"),
}
BY_BOTS = {"bot_message", "slackbot_response"}
DELETED = {"tombstone", "message_deleted"}
SAID_OF_DELETED = "This message was deleted."


def is_deleted(message: Object) -> bool:
    if text(message.get("subtype")) in DELETED:
        return True
    return message.get("hidden") is True and text(message.get("text")).strip() == SAID_OF_DELETED


def is_bot(message: Object, names: Directory) -> bool:
    """Whether an app posted it. One that posts in a person's name says what that person asked it to say."""
    subtype, user = text(message.get("subtype")), text(message.get("user"))
    if subtype in BY_BOTS or user == SLACKBOT:
        return True
    if user in names.members:
        return names.members[user].is_bot
    return bool(first_text(message, "bot_id") or inner(message, "bot_profile"))


def bot_name(message: Object, names: Directory) -> str:
    """As the message calls the app, else as the workspace does, else its id."""
    named = first_text(message, "username") or first_text(inner(message, "bot_profile"), "name")
    bot, user = first_text(message, "bot_id"), first_text(message, "user")
    return named or names.bots.get(bot, "") or (names.name(user) if user else "") or bot


def automation(message: Object, names: Directory) -> Automation | None:
    """Why no person wrote this to people, None where one did."""
    if is_deleted(message):
        return Automation("deleted", "Its author deleted it in Slack.")
    subtype = text(message.get("subtype"))
    if subtype not in BY_PEOPLE | BY_BOTS and not text(message.get("client_msg_id")):
        return Automation("notification", f"Slack wrote it to tell of an event: «{subtype[:60]}».")
    if is_bot(message, names):
        name = bot_name(message, names)
        return Automation("bot", f"Posted by the app {name}." if name else "Posted by an app.")
    return None
