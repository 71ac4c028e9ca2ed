"""The demo's one Notion database: the rows of a workshop's board, and what becomes of them later."""

from dataclasses import dataclass, field
from typing import Any

TITLE = "Workshop board"
STATUSES = {
    "To-do": ("Backlog", "Next"),
    "In progress": ("Doing", "In review"),
    "Complete": ("Done", "Dropped"),
}
"""The options of the column «Status», by group."""
PRIORITIES = ("Low", "Medium", "High")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    key: str
    made: float
    """In hours after the account was made; most were made before."""
    edited: float | None = None
    """None: when it was made."""
    name: str
    status: str
    priority: str = "Medium"
    due: float | None = None
    """In days from the day on which the account was made."""
    owner: str = "maren"
    by: str = "jonas"
    text: str = ""
    later: tuple[tuple[float, dict[str, Any]], ...] = field(default=())
    """When which columns change."""


ROWS = (
    Row(
        key="recall",
        made=-3,
        name="Decide on the recall of series B brakes",
        status="Next",
        priority="High",
        due=0,
        by="priya",
        text="Bike 17 came back with glazed pads.\n\n- [ ] serial numbers of the other eleven\n- [ ] ask the supplier",
        later=((0.5, {"Status": "Doing"}),),
    ),
    Row(key="offer", made=-24, name="Offer for Brandt Bakery", status="Doing", priority="High", due=0, by="maren"),
    Row(
        key="tender",
        made=-120,
        edited=-5,
        name="Sign the tender for Fairhaven",
        status="Next",
        priority="High",
        due=1,
        text="Only the signature on page 4 is missing.",
    ),
    Row(key="rack", made=-100, edited=-28, name="Rack design for the post bikes", status="In review", owner="priya"),
    Row(key="stock", made=-200, edited=-90, name="Count the spare parts", status="Backlog", due=6, owner="jonas"),
    Row(key="charger", made=-190, edited=-60, name="Replace the charger in bay one", status="Backlog", priority="Low"),
    Row(key="insure", made=-150, edited=-26, name="Renew the insurance of the test fleet", status="Next", due=-1),
    Row(
        key="photos",
        made=-130,
        edited=-40,
        name="Photos for the spring catalogue",
        status="Doing",
        owner="tomas",
        due=4,
    ),
    Row(key="stand", made=-300, edited=-80, name="Set up the truing stand", status="Done", owner="jonas"),
    Row(key="fair", made=-310, edited=-110, name="Stand at the autumn fair", status="Dropped", priority="Low"),
    Row(
        key="cafe",
        made=3.2,
        name="Sketch a bike for a mobile café",
        status="Next",
        priority="Low",
        due=5,
        text="Ruben asks whether a coffee machine can be put on a cargo bike.",
        later=((26, {"Status": "Done"}),),
    ),
)
