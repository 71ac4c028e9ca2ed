"""What people do with tasks, over HTTP."""
