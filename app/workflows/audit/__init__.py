"""Looking the audit trail up, and verifying it."""
