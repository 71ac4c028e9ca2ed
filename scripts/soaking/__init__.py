"""Pulls whose processes are killed at random, beside a pull that nobody disturbs: `scripts/soak pulls`."""
