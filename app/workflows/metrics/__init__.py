"""Metrics: counting.py counts what happens to integrations, state.py reads how everything stands, router.py shows both.

What each means, and rules to be alarmed by: docs/metrics.md.
"""
