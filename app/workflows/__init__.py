"""The verbs: what joins domains and integrations, and opens transactions."""
