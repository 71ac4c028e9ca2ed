"""What the sources of a task are told of it, where they may be written to: one word for how it stands. Pure."""


def mark_of(status: str, turn: str | None) -> str:
    """open, waiting (we answered, and wait), snoozed, done or declined; empty for what is not for us."""
    if status == "not_for_us":
        return ""
    return "waiting" if status == "open" and turn == "theirs" else status
