"""Rulesets as documents: read with every problem found. Pure."""
