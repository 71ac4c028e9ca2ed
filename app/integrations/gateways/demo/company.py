"""Who there is in the demo world: a workshop for cargo bikes, and those it has to do with. All of it is invented."""

from dataclasses import dataclass

DOMAIN = "harbourlane.example"


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    address: str
    slack: str = ""
    """Their id in the workspace; empty where they are not in it."""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def ours(self) -> bool:
        return self.address.endswith(f"@{DOMAIN}")


PEOPLE: dict[str, Somebody] = {
    "maren": Somebody("Maren Holt", f"maren@{DOMAIN}", "U0DEMOMAREN"),
    "jonas": Somebody("Jonas Weil", f"jonas@{DOMAIN}", "U0DEMOJONAS"),
    "priya": Somebody("Priya Raman", f"priya@{DOMAIN}", "U0DEMOPRIYA"),
    "tomas": Somebody("Tomas Ekberg", f"tomas@{DOMAIN}", "U0DEMOTOMAS"),
    "ida": Somebody("Ida Brandt", "ida@brandtbakery.example"),
    "oscar": Somebody("Oscar Lindqvist", "oscar.lindqvist@norrpost.example"),
    "felicity": Somebody("Felicity Osei", "f.osei@fairhaven-city.example"),
    "ruben": Somebody("Ruben Sato", "ruben@tidalcafe.example"),
    "hosting": Somebody("Clearport Hosting", "no-reply@clearport.example"),
    "weekly": Somebody("Spokes Weekly", "newsletter@spokesweekly.example"),
}
ADDRESSES = frozenset(each.address for each in PEOPLE.values()) | frozenset(
    f"slack:{each.slack.lower()}" for each in PEOPLE.values() if each.slack
)
"""All by which records may name them."""
OWNER = PEOPLE["maren"]
"""Whose mailbox and workspace account it is."""
