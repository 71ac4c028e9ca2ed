"""`python -m app.cli` does what `watchfloor` does."""

from app.cli import main

main()
