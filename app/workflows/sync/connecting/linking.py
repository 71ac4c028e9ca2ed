"""Asking for a link by which a person gives access: first the service, then one transaction that keeps what it said."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.secrets import Vault
from app.domains import connections
from app.domains.connections import audited, connecting, privacy, revoking
from app.domains.connections.connecting import Connection, Stage
from app.domains.connections.models import Integration
from app.integrations.gateways.accounts import Accounts, Link, is_web
from app.integrations.pulling import Live
from app.workflows.sync.syncing import Syncing, account_of, is_demo
from app.workflows.telling import tell_of

_NO_KEY = "No account can be connected here: set COMPOSIO_API_KEY, and start Watchfloor again."
_OLD_SERVER = (
    "This gateway can't connect accounts (COMPOSIO_SDK_API=v2): connect it at your own Composio server, then give its"
    ' id: PATCH the integration with {"gateway": {"connected_account_id": "…"}}.'
)


def callback_of(public_url: str, integration_id: int) -> str | None:
    """Where the browser goes afterwards, unless somebody says otherwise: the integration's own page, which shows how
    it stands."""
    return f"{public_url.rstrip('/')}/integrations/{integration_id}" if public_url else None


async def asked(syncing: Syncing, integration_id: int, callback_url: str | None) -> Link:
    """A new link for an integration. Raises NotFound, Invalid, Upstream; Conflict where none can be connected."""
    if callback_url is not None and not is_web(callback_url):
        detail = "A browser can't be sent there: callback_url must be an address that begins with https:// or http://."
        raise Invalid(detail, errors=[FieldError("body.callback_url", "must be a web address")])
    async with syncing.work.database.reading() as session:
        integration = await connections.service.get(session, integration_id)
    privacy.must_be_theirs(integration)
    live, accounts = _possible(syncing, integration)
    user_id = account_of(integration, syncing.user_id).user_id
    return await accounts.link(live.toolkit, user_id, callback_url, service=live.service)


def _possible(syncing: Syncing, integration: Integration) -> tuple[Live, Accounts]:
    manifest = syncing.kinds.get(integration.kind)
    if manifest is None or manifest.live is None:
        raise Conflict(f"{integration.name} is not pulled: files are imported into it, and it needs no account.")
    if integration.sample:
        raise Conflict(f"{integration.name} holds the sample data. Make an integration of your own and connect that.")
    if is_demo(integration):
        raise Conflict(f"{integration.name} holds demo data. Make an integration of your own and connect that.")
    if syncing.accounts is None:
        raise Conflict(_OLD_SERVER if syncing.connect is not None and syncing.composio else _NO_KEY)
    return manifest.live, syncing.accounts


async def keep(session: AsyncSession, syncing: Syncing, integration_id: int, link: Link, *, vault: Vault) -> Connection:
    """From now on it is looked whether the link was followed; it is stored encrypted.

    Raises NotFound where the integration went meanwhile."""
    now = syncing.work.clock()
    integration = await connecting.claimed(session, integration_id)
    if integration is None:
        raise NotFound(f"There is no integration {integration_id}.")
    before = connecting.read(integration.connection)
    if before is not None and before.state is Stage.PENDING:
        # Somebody may still follow the link that is forgotten: what it gave then is given back.
        service = service_of(syncing, integration)
        due = connecting.worthless_at(before)
        await revoking.ask_for(session, before.account_id, service, now=now, due_at=due)
    connection = connecting.begun(
        before,
        account_id=link.account_id,
        user_id=link.user_id,
        redirect_url=vault.encrypt(link.redirect_url, connecting.LINK_PURPOSE),
        expires_at=link.expires_at,
        now=now,
    )
    integration.connection, integration.updated_at = connecting.written(connection), now
    stages = before and before.state.value, connection.state.value
    audit.changed(session, audited.target(integration_id), {"connection": stages[0]}, {"connection": stages[1]})
    audit.changed(session, audited.target(integration_id), {}, {"link": audit.Unsaid(link.account_id)})
    await session.flush()
    await tell_of(session, integration, now=now)
    return connection


def service_of(syncing: Syncing, integration: Integration) -> str:
    """As people call it: «Gmail»."""
    manifest = syncing.kinds.get(integration.kind)
    return manifest.live.service if manifest and manifest.live else integration.kind
