"""Users, their sessions, API keys, roles, and the audit trail of what they did."""
