"""Why one task stands above another, what comes by itself, and what would have to change. Pure."""
