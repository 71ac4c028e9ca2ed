"""What people set of a Notion integration, and the ids of databases in what they paste."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.integrations.exports.links import notion_id
from app.integrations.pulling import LiveSettings

MOST_DATABASES = 100


def database_id(pasted: str) -> str:
    """The id in an address or by itself, as 32 hex digits. Raises ValueError with a sentence for people.

    The path names the table; what follows it (`?v=` a view, `?p=` a row that was open beside it, `#` a block) does not.
    """
    found = notion_id(pasted.strip().lstrip("<(").partition("?")[0].partition("#")[0])
    if not found:
        raise ValueError(
            f"«{pasted.strip()[:100]}» holds no id of a Notion database. Open the database as a full page in "
            "Notion and copy its link (••• → Copy link)."
        )
    return found


def _each_once(given: list[str]) -> list[str]:
    return list(dict.fromkeys(map(database_id, given)))


Option = Annotated[str, Field(max_length=100), AfterValidator(lambda given: " ".join(given.split()))]
"""Of a status or select column, as Notion shows it."""


class NotionSettings(LiveSettings):
    databases: Annotated[list[str], AfterValidator(_each_once)] = Field(
        default_factory=list,
        max_length=MOST_DATABASES,
        title="Databases",
        description="Links or ids of the databases to pull. Empty: every database shared with the integration.",
    )
    page_content: Literal["none", "open", "all"] = Field(
        "open",
        title="Content of pages",
        description="Whose page is read, at one call each: no row's, that of rows that are not done, or every row's.",
    )
    full_listing_hours: int = Field(
        24,
        ge=1,
        le=24 * 30,
        title="Hours between full listings",
        description="Notion doesn't tell what was deleted: so often all rows are listed, and what is missing is found.",
    )
    done_status: Option = Field(
        "",
        title="Status for done",
        description="An option of the status column. Empty: the first one that means done, as «Done».",
    )
    declined_status: Option = Field(
        "",
        title="Status for declined",
        description="Empty: the first option that means declined, as «Won't do». Without one, you are told.",
    )
    open_status: Option = Field(
        "",
        title="Status for open again",
        description="For rows that were not closed from here; others get back what they had. Empty: the first to do.",
    )
    snoozed_status: Option = Field("", title="Status for snoozed", description="Empty: the row is let be.")
    waiting_status: Option = Field("", title="Status for waiting", description="Empty: the row is let be.")
