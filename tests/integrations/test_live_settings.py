"""What every pulled kind's settings refuse, in words for the person who set them."""

import pytest
from pydantic import ValidationError

from app.integrations.pulling import LiveSettings


@pytest.mark.parametrize("zone", ["Mars/Base", "Europe", "../etc/passwd", "x" * 5000, "Europe/Berlin\0", "+01:00"])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is no IANA name of a time zone") as refused:
        LiveSettings(zone=zone)

    assert refused.value.errors()[0]["loc"] == ("zone",)


@pytest.mark.parametrize("zone", ["", "UTC", "Europe/Berlin"])
def test_a_known_zone_or_none_is_taken(zone: str) -> None:
    assert LiveSettings(zone=zone).zone == zone


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(ValidationError, match="must not lie before «since», 2026-02-01") as refused:
        LiveSettings.model_validate({"since": "2026-02-01", "until": "2026-01-31"})

    assert refused.value.errors()[0]["loc"] == ("until",)
    assert LiveSettings.model_validate({"since": "2026-02-01", "until": "2026-02-01"}).until
