"""Trello is told that a task is done: its card is marked complete, or moved to the list that is set; and put back.

Each card is looked at before and after: a card that somebody moved meanwhile is a conflict, and what Trello took
without doing it is said. How a card stood before is what is kept as the effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import NotThere, Unauthorised
from app.integrations.pulling import Json
from app.integrations.trello.asking import SERVICE, UPDATE, Asking, Board, Column, is_set, text
from app.integrations.trello.cards import ID, Place, alike
from app.integrations.trello.run import naming_of
from app.integrations.trello.settings import TrelloSettings
from app.integrations.writing import Mark, Write, Written

LACKING = (
    "Trello lets this account read only: it lacks the scope «write», or may only look at this board. Reconnect Trello "
    "and grant it, or make the account a member of the board."
)
_OUTCOMES = ("conflict", "refused", "done", "already", "nothing")
"""Of several cards the first of these tells of the write."""


class TrelloWriter:
    """app.integrations.writing.Writer."""

    def writes(self, _settings: Any, mark: Mark, before: Mark, /) -> bool:
        return mark == "done" or before == "done"

    async def write(self, write: Write, /) -> Written:
        going = _Going(write, dict(write.effect))
        cards = [target.external_id for target in write.targets if ID.fullmatch(target.external_id)]
        found = [await going.card(own) for own in cards]
        found = found or [Written(outcome="nothing")]
        told = min(found, key=lambda each: _OUTCOMES.index(each.outcome))
        return Written(outcome=told.outcome, detail=told.detail, effect=going.effect)


@dataclass(slots=True)
class _Going:
    """One write. `effect` holds for each card that we changed how it was, and how we left it."""

    write: Write
    effect: dict[str, Any]
    asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.asking = Asking(self.write.tools)

    @property
    def settings(self) -> TrelloSettings:
        found = self.write.settings
        return found if isinstance(found, TrelloSettings) else TrelloSettings.model_validate(found)

    async def card(self, own: str) -> Written:
        ours = self.effect.get(own)
        if self.write.mark != "done" and not isinstance(ours, Mapping):
            return Written(outcome="nothing")
        try:
            card = await self.asking.card(own)
        except NotThere:
            self.effect.pop(own, None)
            return Written(outcome="refused", detail="The card is no longer in Trello.")
        columns = await self.asking.columns(text(card, "idBoard"))
        place = Place(Board("", "", "", closed=False, active=None), columns, {}, naming_of(self.settings))
        if self.write.mark == "done":
            return await self.finish(own, card, place)
        return await self.put_back(own, card, place, ours if isinstance(ours, Mapping) else {})

    async def finish(self, own: str, card: Json, place: Place) -> Written:
        status, called = place.status(card)
        if status == "done":
            return Written(outcome="already", detail=f"The card is done in Trello: «{called}».")
        known = self.write.expected.get(own)
        if known is not None and known != called and not self.write.overwrite:
            return Written(outcome="conflict", detail=f"The card stands in «{called}» by now, it was in «{known}».")
        to = self._list_to_move_to(place.columns)
        if self.settings.move_done_to and to is None:
            detail = f"The card's board has no list «{self.settings.move_done_to}». Make one, or set another."
            return Written(outcome="refused", detail=detail)
        wanted = {"idList": to.id} if to else {"dueComplete": True}
        detail = f"Moved to «{to.name}» in Trello." if to else "Marked complete in Trello."
        return await self.change(own, card, wanted, detail)

    def _list_to_move_to(self, columns: Mapping[str, Column]) -> Column | None:
        wanted = self.settings.move_done_to
        named = [each for each in columns.values() if not each.closed and alike(each.name, wanted)]
        return named[0] if wanted and named else None

    async def put_back(self, own: str, card: Json, place: Place, ours: Json) -> Written:
        was, left = ours.get("was"), ours.get("left")
        if not isinstance(was, Mapping) or not isinstance(left, Mapping):
            self.effect.pop(own, None)
            return Written(outcome="nothing")
        if all(card.get(name) == value for name, value in was.items()):
            self.effect.pop(own, None)
            return Written(outcome="already", detail="The card stands in Trello as it did.")
        if any(card.get(name) != value for name, value in left.items()) and not self.write.overwrite:
            called = place.status(card)[1]
            return Written(outcome="conflict", detail=f"Somebody moved the card meanwhile: it stands in «{called}».")
        if "idList" in was and was["idList"] not in place.columns:
            return Written(outcome="refused", detail="The list where the card stood is no longer on its board.")
        done = await self.change(own, card, dict(was), "Put back in Trello as it was.")
        if done.outcome == "done":
            self.effect.pop(own, None)
        return done

    async def change(self, own: str, card: Json, wanted: Mapping[str, Any], detail: str) -> Written:
        """Plan, write, and look whether it is so."""
        if self.write.mark == "done":
            was = {name: is_set(card, name) if name == "dueComplete" else card.get(name) for name in wanted}
            self.effect[own] = {"was": was, "left": dict(wanted)}
        await self.write.plan(self.effect)
        said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in wanted.items()}
        try:
            await self.write.tools(UPDATE, idCard=own, **said)
        except Unauthorised as error:  # the card was just read
            raise Unauthorised(LACKING, service=SERVICE, happened=False) from error
        now = await self.asking.card(own)
        if all(now.get(name) == value for name, value in wanted.items()):
            return Written(outcome="done", detail=detail)
        if self.write.mark == "done":
            self.effect.pop(own, None)
        why = "Trello took the call and left the card as it was. Set a list to move what is done to instead."
        return Written(outcome="refused", detail=why)
