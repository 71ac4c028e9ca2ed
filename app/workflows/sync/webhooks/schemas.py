"""Deliveries of webhooks as the API speaks of them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.workflows.sync.webhooks.receiving import Received

DELIVERY: dict[str, Any] = {
    "id": "msg_a1b2c3d4",
    "timestamp": "2026-03-02T09:00:00.000Z",
    "type": "composio.trigger.message",
    "metadata": {"trigger_slug": "GMAIL_NEW_GMAIL_MESSAGE", "connected_account_id": "ca_1a2b3c4d5e6f"},
    "data": {"message_id": "19b11732c1b578fd"},
}


class WebhookTaken(BaseModel):
    """What became of a delivery."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "duplicate": False,
                    "event": "composio.trigger.message",
                    "integrations": [1],
                    "what": "support mail: it is pulled now.",
                }
            ]
        }
    )

    duplicate: bool = Field(description="It was taken before, and nothing was done again.")
    event: str = Field(description="What it tells.")
    integrations: list[int] = Field(description="Ids of the integrations that use the account; empty: none does.")
    what: str = Field(description="What follows, in sentences for people.")


def taken_out(found: Received) -> WebhookTaken:
    return WebhookTaken(
        duplicate=found.duplicate, event=found.event, integrations=list(found.integrations), what=found.what
    )
