"""What is said in the demo workspace: two channels and a direct talk. Texts name moments in braces (times.py)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    hours: float
    """After the account was made; most was said before."""
    who: str
    text: str
    """People are named as @key."""
    replies: tuple["Said", ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    """Name and who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    id: str
    name: str = ""
    """Empty for a direct talk."""
    other: str = ""
    """With whom a direct talk is."""
    said: tuple[Said, ...] = field(default=())

    @property
    def direct(self) -> bool:
        return bool(self.other)


TALKS = (
    Talk(
        id="C0DEMOSHOP",
        name="workshop",
        said=(
            Said(-80, "jonas", "The new truing stand is set up in bay two."),
            Said(
                -28,
                "priya",
                "@maren could you approve the rack design for the post bikes by {soon}? The welder waits for it.",
                (
                    Said(-27.5, "jonas", "The load test went well, 180 kg for an hour."),
                    Said(-6, "priya", "@maren just a reminder, they close for the holidays after that."),
                ),
            ),
            Said(
                -4,
                "jonas",
                "Bike 17 is back from Norrpost. The brake pads are glazed, the whole series may have them.",
                (
                    Said(-3.5, "priya", "@jonas can you check the serial numbers of the other eleven?"),
                    Said(-1, "jonas", "On it."),
                    Said(0.4, "jonas", "Eight of eleven have the same pads. @maren do we recall them?"),
                ),
            ),
            Said(2, "priya", "@maren who takes the test ride with Ruben from the café on {later}?"),
        ),
    ),
    Talk(
        id="C0DEMOORDR",
        name="orders",
        said=(
            Said(
                -60, "tomas", "Fairhaven's order is booked: 14 bikes, half in spring.", reactions=(("tada", "jonas"),)
            ),
            Said(
                -22,
                "tomas",
                "@maren can you confirm the price for the bakery's closed boxes?",
                (Said(-21, "maren", "I ask the supplier today."),),
            ),
            Said(-7, "jonas", "Two frames of the blue series are left in stock."),
        ),
    ),
    Talk(
        id="D0DEMOJONAS",
        other="jonas",
        said=(
            Said(-25, "jonas", "Can you call Norrpost back before {tomorrow}? They asked for you."),
            Said(-24.5, "maren", "Yes, I will."),
            Said(-1.5, "jonas", "Could you also look at my holiday request, please? I would book the train tonight."),
        ),
    ),
)
