"""An application beside Composio's stand-in: links are asked for and followed, events are signed and delivered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import select

from app.core.events import Event
from app.domains.connections.models import ReceivedWebhook, Revocation
from app.settings import Settings
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving as standing_in
from scripts.fake_composio.webhooks import Delivery, delivery, expired, news
from tests.api.client import Api, Document, database_of
from tests.api.conftest import serving
from tests.conftest import QUICK, SettableClock

SECRET = "a secret of 32 characters or so"
TAKEN = "/api/v1/webhooks/composio"


@dataclass
class Site:
    """One process beside the service."""

    api: Api
    fake: FakeComposio
    notion: NotionSpace
    clock: SettableClock

    async def add(self, name: str = "wiki", account: str | None = None) -> int:
        gateway = {"connected_account_id": account} if account else None
        body = {"kind": "notion", "name": name, "settings": {"since": "2020-01-01", "page_content": "none"}}
        made = await self.api.post("/integrations", body | ({"gateway": gateway} if gateway else {}))
        return int(made["id"])

    async def place(self, integration_id: int) -> Document:
        return await self.api.get(f"/integrations/{integration_id}")

    async def connect(self, integration_id: int, **body: Any) -> Document:
        return await self.api.post(f"/integrations/{integration_id}/connect", body or None)

    async def connection(self, integration_id: int) -> Document:
        return await self.api.get(f"/integrations/{integration_id}/connection")

    async def follow(self, link: Document) -> httpx.Response:
        """What a person does in their browser."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            return await browser.get(link["redirect_url"])

    async def connected(self, name: str = "wiki") -> tuple[int, str]:
        """An integration whose account was linked here; its id and the account's."""
        made = await self.add(name)
        link = await self.connect(made)
        await self.follow(link)
        await self.look()
        return made, link["account_id"]

    async def look(self) -> None:
        """What the background does about links."""
        await self.api.jobs.follow_links()

    async def work(self) -> None:
        """What the background does about pulls until nothing is left."""
        await self.api.jobs.pull_due()
        await self.api.jobs._pulling.dispatcher.settle()

    def row(self, name: str = "Renew the certificate") -> None:
        if not hasattr(self, "_table"):
            self._table = self.notion.add_database("Work")
        self.notion.add_row(self._table, {"Name": name})

    async def runs(self) -> list[Document]:
        """Newest first."""
        found: list[Document] = (await self.api.get("/sync/runs"))["items"]
        return found

    async def revocations(self) -> dict[str, Revocation]:
        async with database_of(self.api).reading() as session:
            return {each.account_id: each for each in (await session.execute(select(Revocation))).scalars()}

    async def received(self) -> list[str]:
        async with database_of(self.api).reading() as session:
            return list((await session.execute(select(ReceivedWebhook.id))).scalars())

    async def events(self, type_: str = "integration.changed") -> list[str]:
        """The states that were told, oldest first."""
        async with database_of(self.api).reading() as session:
            query = select(Event.data).where(Event.type == type_).order_by(Event.id)
            return [data["state"] for data in (await session.execute(query)).scalars()]

    def news(self, account: str = "ca_notion", *, version: str = "V3", **how: Any) -> Delivery:
        event = news(self.fake.accounts.get(account), self.clock(), version=version)
        return delivery(SECRET, event, self.clock(), **how)

    def expiry(self, account: str = "ca_notion", reason: str = "OAuth refresh token expired") -> Delivery:
        self.fake.set_status(account, "EXPIRED", reason)
        return delivery(SECRET, expired(self.fake.accounts.get(account), self.clock()), self.clock())

    async def deliver(self, made: Delivery) -> httpx.Response:
        return await self.api.http.post(TAKEN, content=made.body, headers=dict(made.headers))


@asynccontextmanager
async def site(settings: Settings, clock: SettableClock, folder: Path, **changed: Any) -> AsyncIterator[Site]:
    fake, notion = FakeComposio(now=clock), NotionSpace(now=clock)
    fake.connect("ca_notion", notion)
    async with standing_in(fake) as url:
        given = {
            "composio_api_key": SecretStr("test-key"),
            "composio_base_url": url,
            "composio_webhook_secret": SecretStr(SECRET),
            **QUICK,
        }
        async with serving(settings.model_copy(update=given | changed), clock, folder / "uploads") as api:
            yield Site(api, fake, notion, clock)
