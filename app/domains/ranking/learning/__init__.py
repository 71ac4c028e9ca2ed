"""From ranking by hand to bounded proposals. Pure."""
