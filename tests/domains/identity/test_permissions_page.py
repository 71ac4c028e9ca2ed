"""docs/permissions.md is what the code says."""

from app.settings import PROJECT_ROOT
from scripts.permissions_page import page


def test_the_page_is_up_to_date() -> None:
    written = (PROJECT_ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")

    assert written == page(), "a route or a right has changed: run scripts/permissions, and read what it changes"
