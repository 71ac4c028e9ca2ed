"""What the sources of tasks are told, where they may be written to: an outbox.

noting.py puts it there in the transaction that changes a task, outbox.py is where whoever sends takes it from,
views.py and schemas.py show it. What is sent, and how, is app.workflows.writing's.
"""
