"""The services outside that ways in need, as the settings name them: a mail server, and a provider of identities."""

from dataclasses import dataclass

from app.core.clock import Clock, utc_now
from app.core.guard import Guards
from app.core.mail import NAME, Mailer, MailServer
from app.core.openid import Client, Provider
from app.settings import Settings
from app.workflows.identity.entering import Doorkeeper
from app.workflows.identity.ways.forgotten import Forgotten


@dataclass(frozen=True, slots=True)
class Ways:
    """Each None where it is not set up."""

    provider: Provider | None
    mailer: Mailer | None
    forgotten: Forgotten | None

    async def close(self) -> None:
        if self.forgotten is not None:
            await self.forgotten.stop()
        if self.provider is not None:
            await self.provider.close()


def ways_from(door: Doorkeeper, guards: Guards | None) -> Ways:
    guards = guards or Guards()
    mailer = mailer_from(door.settings, guards, door.clock)
    return Ways(
        provider=provider_from(door.settings, guards, door.clock),
        mailer=mailer,
        forgotten=Forgotten(door, mailer) if mailer is not None else None,
    )


def mailer_from(settings: Settings, guards: Guards, clock: Clock = utc_now) -> Mailer | None:
    if not settings.mail_host:
        return None
    server = MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        sender=settings.mail_from,
        user=settings.mail_user,
        password=settings.mail_password,
    )
    return Mailer(server, guards.of("mail", name=NAME), clock)


def provider_from(settings: Settings, guards: Guards, clock: Clock = utc_now) -> Provider | None:
    if not settings.oidc_issuer or not settings.oidc_client_id:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=settings.oidc_client_secret,
        name=settings.oidc_name,
        encrypted=settings.environment == "production",
    )
    return Provider(client, guards.of("oidc", name=settings.oidc_name), clock)
