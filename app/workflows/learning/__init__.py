"""Learning from what people rank by hand: drags become proposals, and people decide."""
