"""The demo gateway: Gmail, Slack and Notion of an invented company, for looking around in development.

Everything it answers is made up here, and told from the moment at which an account was made (times.py): the same
account answers the same in every process and after every start, and a little happens later. What is written to it
changes this process's memory alone. Integrations that use it are labelled as sample data: docs/demo.md.
"""
