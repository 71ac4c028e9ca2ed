"""Database migrations, run by `watchfloor db upgrade` and by `serve`."""
