"""Settings: which calendars, and what of them is work."""

import pytest
from pydantic import ValidationError

from app.integrations.googlecalendar.settings import CalendarSettings


def test_without_any_the_accounts_own_calendar_is_meant() -> None:
    assert CalendarSettings().calendars == ["primary"]
    assert CalendarSettings(calendars=[" "]).calendars == ["primary"]
    assert CalendarSettings(calendars=["a@x.example", " a@x.example "]).calendars == ["a@x.example"]


@pytest.mark.parametrize("pasted", ["our team", "https://calendar.google.com/calendar/u/0/r"])
def test_what_is_no_id_is_refused_with_where_it_stands(pasted: str) -> None:
    with pytest.raises(ValidationError, match="Integrate calendar"):
        CalendarSettings(calendars=[pasted])


def test_every_setting_is_described() -> None:
    assert all(each.get("description") for each in CalendarSettings.model_json_schema()["properties"].values())
