"""The demo gateway: every kind's whole way over invented data, the same in every process and never a service's."""

from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import Any

import pytest

from app.core.errors import NotThere, Rejected, Unauthorised
from app.integrations.gateways.contract import Tool
from app.integrations.gateways.demo.company import DOMAIN, PEOPLE
from app.integrations.gateways.demo.gateway import WORLDS, DemoGateway
from app.integrations.gateways.demo.times import DEMO, Anchor
from app.integrations.pulling import Account, Answer, Live, Pull
from app.integrations.registry import KINDS, TOOLS
from app.records import Item
from tests.conftest import START, SettableClock
from tests.integrations.mail.gmail.pulling import Store

SERVED = [kind for kind, manifest in KINDS.items() if manifest.live and manifest.live.toolkit in WORLDS]
HERE = START.replace(tzinfo=timezone(timedelta(hours=1)))
ACCOUNT = Account("default", Anchor.of(START).account, gateway=DEMO)
SIZES = ("max_results", "limit", "page_size")


@dataclass
class Way:
    """A kind that is pulled from the demo into a store."""

    kind: str
    clock: SettableClock
    page: int | None = None
    """So many entries a page at most."""
    gateway: DemoGateway = field(init=False)
    store: Store = field(default_factory=Store)
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateway = DemoGateway(self.clock)

    @property
    def live(self) -> Live:
        live = KINDS[self.kind].live
        assert live
        return live

    async def call(self, tool: str, /, **arguments: Any) -> Answer:
        if self.page:
            arguments |= {name: min(self.page, arguments[name]) for name in SIZES if name in arguments}
        data = await self.gateway.execute(TOOLS[tool], arguments, ACCOUNT, timeout_s=1)
        self.answers.append(Answer(tool, arguments, data, self.live.service))
        return self.answers[-1]

    async def pull(self, **settings: Any) -> list[str]:
        """Returns what is new or changed."""
        before = dict(self.store.items)
        asked = Pull(
            tools=self.call,
            settings=self.live.settings.model_validate(settings),
            cursor=self.store.cursor,
            since=START - timedelta(days=30),
            until=self.clock(),
            known=self.store,
        )
        async for page in self.live.source().pull(asked):
            self.store.take(page)
            self.store.cursor = page.cursor
            for read in page.reads:
                assert isinstance(read.what, Item), read.what
                assert read.what.problems == ()
        return sorted(each for each, item in self.store.items.items() if before.get(each) != item)


@pytest.fixture(params=SERVED)
def way(request: pytest.FixtureRequest, clock: SettableClock) -> Way:
    return Way(request.param, clock)


def test_gmail_slack_and_notion_are_served() -> None:
    assert SERVED == ["gmail", "slack", "notion"]


async def test_everything_is_pulled_once_and_again_changes_nothing(way: Way) -> None:
    first = await way.pull()
    again = await way.pull()

    assert len(first) >= 10
    assert again == []
    assert way.store.refusals == []


async def test_tiny_pages_bring_the_same(way: Way) -> None:
    await way.pull()
    tiny = Way(way.kind, way.clock, page=1)

    await tiny.pull()

    assert tiny.store.items == way.store.items


async def test_something_happens_later_and_is_met_by_increments_and_by_full_listings(way: Way) -> None:
    await way.pull()
    found = []
    for minutes in (30, 60, 180, 1440, 2880):  # beyond the full listing of a day
        way.clock.advance(minutes=minutes)
        found.append(await way.pull())

    anew = Way(way.kind, way.clock)
    await anew.pull()

    assert found[0]
    assert found[-1] == []
    assert set(anew.store.items) == set(way.store.items)


async def test_another_process_tells_the_same(way: Way) -> None:
    await way.pull()
    way.clock.advance(minutes=20)

    other = Way(way.kind, way.clock, store=way.store)
    changed = await other.pull()
    alone = Way(way.kind, way.clock)
    await alone.pull()

    assert set(alone.store.items) == set(way.store.items)
    assert len(changed) < len(way.store.items) / 2


async def test_all_of_it_is_invented_and_leads_nowhere(way: Way) -> None:
    await way.pull()

    addresses = {item.sender.address for item in way.store.items.values()}
    assert all(each.endswith(".example") for each in addresses if "@" in each)
    hosts = {item.url.partition("://")[2].partition("/")[0] for item in way.store.items.values() if item.url}
    assert hosts <= {f"mail.{DOMAIN}", "www.notion.so"}  # the latter is made of ids by the kind, and of nobody's page
    assert all(person.address.endswith(".example") for person in PEOPLE.values())


@pytest.mark.parametrize("hour", [0, 9, 18, 23])
async def test_something_is_due_on_the_day_it_is_made(clock: SettableClock, hour: int) -> None:
    clock.now = START.replace(hour=hour, minute=10)
    anchor = Anchor.of(clock.now)

    assert anchor.at < anchor.soon()
    assert anchor.soon().date() == clock.now.date()
    assert anchor.soon().minute in (0, 30)
    assert anchor.words(anchor.at)["soon"].startswith("today at ")


def test_an_account_holds_its_moment_with_its_offset() -> None:
    anchor = Anchor.of(HERE)

    assert anchor.account == "demo-20260302T090000+0100"
    assert Anchor.read(anchor.account) == anchor
    for wrong in ("ca_1", "demo-", "demo-20260302T090000", ""):
        with pytest.raises(ValueError, match=r"demo account|isoformat"):
            Anchor.read(wrong)


async def test_every_tool_of_these_kinds_is_known(way: Way) -> None:
    writing = KINDS[way.kind].writing
    names = (*way.live.tools, *(writing.calls if writing else ()))

    checked = await way.gateway.check(tuple(TOOLS[name] for name in names))

    assert [each for each in checked if not each.ok] == []


async def test_what_it_does_not_know_is_refused_in_a_sentence(clock: SettableClock) -> None:
    gateway = DemoGateway(clock)
    unknown = Tool(name="GMAIL_SEND_EMAIL", slug="GMAIL_SEND_EMAIL", toolkit="gmail", version="1", service="Gmail")
    elsewhere = Tool(name="FAX_SEND", slug="FAX_SEND", toolkit="fax", version="1")

    with pytest.raises(Rejected, match="demo data of Gmail does not know the tool GMAIL_SEND_EMAIL"):
        await gateway.execute(unknown, {}, ACCOUNT, timeout_s=1)
    with pytest.raises(Rejected, match="no demo data of Fax"):
        await gateway.execute(elsewhere, {}, ACCOUNT, timeout_s=1)
    [found] = await gateway.check((unknown,))
    assert not found.ok


@pytest.mark.parametrize(
    "account", [Account("default", "ca_real"), Account("default", None, DEMO), Account("default", "ca_real", DEMO)]
)
async def test_a_real_account_is_never_answered_with_it(clock: SettableClock, account: Account) -> None:
    with pytest.raises(Unauthorised):
        await DemoGateway(clock).execute(TOOLS["GMAIL_GET_PROFILE"], {}, account, timeout_s=1)


@pytest.mark.parametrize(
    ("kind", "tool", "arguments"),
    [
        ("gmail", "GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID", {"message_id": "abc"}),
        ("slack", "SLACK_FETCH_CONVERSATION_HISTORY", {"channel": "C0"}),
        ("notion", "NOTION_FETCH_ROW", {"page_id": "0" * 32}),
        ("notion", "NOTION_FETCH_DATABASE", {"database_id": "0" * 32}),
    ],
)
async def test_what_is_not_there_is_said_so(
    clock: SettableClock, kind: str, tool: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(NotThere):
        await Way(kind, clock).call(tool, **arguments)


@pytest.mark.parametrize(
    ("kind", "settings", "some"),
    [
        ("gmail", {"query": "from:ida"}, "Two cargo bikes"),
        ("gmail", {"labels": ["Customers"]}, "Urgent: brakes"),
        ("gmail", {"include_sent": False}, "Tender"),
        ("slack", {"channels": ["orders"], "direct_messages": False}, "orders"),
    ],
)
async def test_settings_choose_among_it(clock: SettableClock, kind: str, settings: dict[str, Any], some: str) -> None:
    everything, way = Way(kind, clock), Way(kind, clock)
    await everything.pull()

    await way.pull(**settings)

    assert 0 < len(way.store.items) < len(everything.store.items)
    assert any(some in item.subject for item in way.store.items.values()) or kind == "slack"


async def test_what_is_written_changes_the_demo_alone_and_the_answer_says_so(clock: SettableClock) -> None:
    way = Way("gmail", clock)
    await way.pull()
    own = next(iter(way.store.items))
    tool = Tool(
        name="GMAIL_ADD_LABEL_TO_EMAIL",
        slug="GMAIL_ADD_LABEL_TO_EMAIL",
        toolkit="gmail",
        version="1",
        writes=True,
        service="Gmail",
    )

    said = await way.gateway.execute(tool, {"message_id": own, "add_label_ids": ["STARRED"]}, ACCOUNT, timeout_s=1)

    assert "Demo data" in said["demo"]
    assert await way.pull() == [own]
    assert way.store.items[own].starred
