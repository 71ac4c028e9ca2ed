"""The routes of what has to do with a task; a folder, as only modules called `router` know the web framework."""
