"""How everything stands, as far as whoever asks may see the parts. The level of the whole is everybody's. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.domains.monitoring import rules, standing
from app.domains.monitoring.rules import Part
from app.domains.monitoring.settling import Told
from app.workflows.watch.picture import Picture

SOMETHING = "Something that you may not see can't be trusted now."


def shown_parts(picture: Picture, hidden: Collection[int]) -> Sequence[Part]:
    """The parts but for the integrations that are hidden."""
    names = {standing.name_of(each) for each in hidden}
    return [part for part in picture.parts if part.name not in names]


def shown_reason(picture: Picture, told: Told, hidden: Collection[int]) -> str:
    """The one reason for the level of the whole; where integrations are it, those alone that may be seen."""
    own = {part.reason for part in picture.parts if not part.name.startswith(standing.PREFIX)}
    if not hidden or told.level == "NORMAL" or told.reason in own:
        return told.reason
    sources = [source for source in picture.view.sources if source.id not in hidden]
    seen = rules.whole(replace(picture.view, sources=sources), shown_parts(picture, hidden))
    return seen.reason if seen.level == told.level else SOMETHING
