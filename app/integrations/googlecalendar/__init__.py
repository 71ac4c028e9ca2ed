"""Google Calendar: events that ask something of us, pulled live.

settings.py says what can be set, asking.py how Google is asked, events.py what an event asks and its item, series.py
which occurrence stands for a series, run.py puts a pull together, standing.py is the cursor, addresses.py finds events
in links. What counts as a task, and what can't be done: docs/integrations/googlecalendar.md.
"""

from datetime import timedelta

from app.integrations.contract import Linked, Manifest
from app.integrations.googlecalendar.addresses import LINK, key_in
from app.integrations.googlecalendar.asking import SERVICE, TOOLS
from app.integrations.googlecalendar.settings import CalendarSettings
from app.integrations.googlecalendar.source import GoogleCalendar
from app.integrations.pulling import Live

MANIFEST = Manifest(
    kind="googlecalendar",
    title="Google Calendar",
    description="Invitations that wait for an answer, and, if you like, the meetings of a calendar.",
    links=(Linked(LINK, key_in),),
    live=Live(
        service=SERVICE,
        toolkit="googlecalendar",
        settings=CalendarSettings,
        source=GoogleCalendar,
        tools=TOOLS,
        version="20260812_00",
        scopes={
            "https://www.googleapis.com/auth/calendar.events.readonly": "events of the calendars that are set",
        },
        poll_every=timedelta(minutes=5),
        # Google allows a user 600 calls a minute; a pull needs one for each calendar.
        calls_per_minute=250,
        known_limits=(
            "An invitation to something further ahead than the days that are set is seen when it comes that near.",
            "Of a series the next occurrence that asks for something stands for all.",
            "Of a meeting with more than 50 guests Google tells only the organizer and us.",
            "An invitation's mail and its event are shown as related where the mail links to the event, as Google's "
            "do; invitations that other calendars send are not matched.",
        ),
    ),
)
