"""Users, as admins manage them."""
