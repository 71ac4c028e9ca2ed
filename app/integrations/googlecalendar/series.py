"""Which event stands for which task: an event for itself, and of a series the occurrence that asks next."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.integrations.googlecalendar.asking import text
from app.integrations.googlecalendar.events import Reading, Status
from app.integrations.pulling import Json
from app.records import Item


@dataclass(frozen=True, slots=True)
class Standing:
    """One event or series as it stands in the window."""

    own: str
    event: Json
    status: Status
    repeats: bool

    def item(self, reading: Reading) -> Item:
        return reading.item(self.event, self.own, repeats=self.repeats)


def standing(events: Iterable[Json], reading: Reading) -> dict[str, Standing]:
    """By id of the event or of its series; each event once, as it was told last."""
    groups: dict[str, dict[str, Json]] = {}
    for event in events:
        groups.setdefault(text(event, "recurringEventId") or text(event, "id"), {})[text(event, "id")] = event
    return {own: _one(own, list(group.values()), reading) for own, group in groups.items()}


def _one(own: str, group: list[Json], reading: Reading) -> Standing:
    """The first that asks something; else the first that isn't over, else the last; a cancelled one where all are."""
    living = [event for event in group if text(event, "status") != "cancelled"]
    living.sort(key=lambda event: (reading.begins(event), text(event, "id")))
    asking = [event for event in living if reading.status(event)[0] == "open"]
    coming = [event for event in living if reading.ends(event) > reading.now]
    chosen = next(iter([*asking, *coming, *living[-1:], *group]))
    return Standing(own, chosen, reading.status(chosen)[0], repeats=bool(text(chosen, "recurringEventId")))
