"""Where a Trello integration stands between pulls and in the midst of one: its cursor, some hundred bytes a board."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.integrations.pulling import Json


class BoardStanding(BaseModel):
    """How far one board is known."""

    reached: datetime | None = None
    """All that happened on it up to then is read. None: it was never listed to its end."""
    shape: str = ""
    """Of its name, lists and members: where they differ, every card is read again."""
    began: datetime | None = None
    """When the listing under way began. None: none is."""
    before: str = ""
    """The id of the last card of that listing: it goes on with those made before it."""
    whole: bool = False
    """Every card of that listing is read, and not only those on which something happened."""
    going: str = ""
    """The shape that listing began with."""
    closed: bool = False

    def ended(self) -> None:
        self.reached, self.shape = self.began, self.going
        self.began, self.before, self.whole, self.going = None, "", False, ""


class Standing(BaseModel):
    model_config = ConfigDict(extra="ignore")

    boards: dict[str, BoardStanding] = Field(default_factory=dict)
    lost: list[str] = Field(default_factory=list)
    """Boards that nobody named, were read once and can't be read now: what became of their cards, nobody can tell."""
    listed: datetime | None = None
    """When the last full listing began."""
    asked: str = ""
    """Of the settings that decide what is read and how."""

    @classmethod
    def of(cls, cursor: Json) -> "Standing":
        """The standing a cursor names. One that can't be read any more is none: the pull begins again."""
        try:
            return cls.model_validate(cursor)
        except ValidationError:
            return cls()

    def cursor(self) -> Json:
        return self.model_dump(mode="json", exclude_defaults=True)
