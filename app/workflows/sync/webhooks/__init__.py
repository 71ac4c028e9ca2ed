"""What Composio tells by itself, signed: something is new, or an account lost its access."""
