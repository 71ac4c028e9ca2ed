"""Which gateway is used, as the settings say. The SDK is loaded only where it is chosen."""

from typing import Literal

from pydantic import SecretStr

from app.core.errors import FieldError, Invalid
from app.core.guard import Guards
from app.core.http import Outbound
from app.integrations.gateways.accounts import GUARD, Accounts, ComposioAccounts
from app.integrations.gateways.answers import COMPOSIO
from app.integrations.gateways.contract import Gateway
from app.integrations.gateways.rest import API, RestGateway

ORIGIN = "https://backend.composio.dev"


def gateway_from(
    name: Literal["rest", "sdk"],
    *,
    api_key: SecretStr,
    base_url: str = ORIGIN,
    sdk_api: Literal["v3.1", "v2"] = "v3.1",
    pool: int = 20,
) -> Gateway:
    """`base_url` is the origin alone. Raises Invalid without a usable key, Conflict where the SDK can't be used."""
    key = api_key.get_secret_value()
    if not key:
        raise _no_key("is not set. Nothing can be pulled without it.")
    try:
        outbound = Outbound(base_url, headers={"x-api-key": key}, service=COMPOSIO, pool=pool)
    except ValueError as error:
        if not key.isascii() or not key.isprintable():
            raise _no_key("holds characters that no key has. Copy it again.") from None
        raise Invalid(
            f"COMPOSIO_BASE_URL can't be used: {error}.", errors=[FieldError("COMPOSIO_BASE_URL", str(error))]
        ) from error
    if name == "rest":
        return RestGateway(outbound)
    from app.integrations.gateways.sdk import SdkGateway  # noqa: PLC0415 - only where it is chosen

    return SdkGateway(outbound, api_key, api=sdk_api)


def accounts_from(gateway: Gateway, guards: Guards) -> Accounts | None:
    """How accounts are connected through the same connections; None where that can't be done from here."""
    outbound = gateway.accounts_at
    return None if outbound is None else ComposioAccounts(outbound, guards.of(GUARD, name=COMPOSIO), api=API)


def _no_key(what: str) -> Invalid:
    return Invalid(f"COMPOSIO_API_KEY {what}", errors=[FieldError("COMPOSIO_API_KEY", what)])
