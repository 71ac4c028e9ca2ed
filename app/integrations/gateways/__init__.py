"""How kinds reach the outside: Composio over REST, or through its SDK. One interface (contract.py), chosen by
COMPOSIO_GATEWAY."""
