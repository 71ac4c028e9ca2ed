"""What looks for trouble in the repository itself: committed secrets, and packages with known holes."""
