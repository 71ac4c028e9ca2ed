"""Whether a path is an export of Slack: by the shape of its files, and by how a few of them begin."""

import re
from pathlib import Path

from app.integrations.exports import tree as trees
from app.integrations.slack.export import CHANNEL_LISTS, DAY, PEOPLE_LISTS
from app.integrations.slack.files import head

LOOKED_AT = 12
"""Files whose beginning is read."""

ID = r'"[A-Z][A-Z0-9]{6,14}"'
TS = re.compile(r'"ts"\s*:\s*"\d{9,11}\.\d{6}"')
MESSAGE = re.compile(r'"type"\s*:\s*"message"')
NAMED = re.compile(rf'"id"\s*:\s*{ID}')
MEMBER = re.compile(r'"profile"\s*:')
CHANNEL = re.compile(r'"(?:created|creator|members|name)"\s*:')
OK = re.compile(r'\A\s*\{(?:[^{}]|\{[^{}]*\})*?"ok"\s*:\s*(?:true|false)')
OF_SLACK = re.compile(
    r'"(?:messages|members|channels|channel|user|team|user_id|team_id|usergroups|reminders|permalink)"\s*:'
)
EVENT = re.compile(r'"event"\s*:\s*\{')
AROUND_EVENTS = re.compile(r'"(?:authorizations|authed_users|api_app_id)"\s*:')
CALL = re.compile(r'"uri"\s*:\s*"https://(?:[\w-]+\.)?slack\.com/api/')


def recognises(path: Path) -> bool:
    """Never raises."""
    names = [name for name in trees.glance(path) if name.endswith(".json")]
    if not names:
        return False
    wanted = {name for name in names if is_telling(name)}
    try:
        with trees.opened(path) as tree:
            json_files = [entry for entry in tree.entries if entry.name.endswith(".json")]
            telling = [entry for entry in json_files if entry.name in wanted or is_telling(entry.name)]
            looked_at = (telling or json_files)[:LOOKED_AT]
            return any(is_slack(entry.name, head(entry)) for entry in looked_at)
    except (trees.Damaged, OSError):
        return False


def is_telling(name: str) -> bool:
    file = name.rpartition("/")[2]
    return file in CHANNEL_LISTS or file in PEOPLE_LISTS or DAY.match(name) is not None


def is_slack(name: str, text: str) -> bool:
    """Whether a file that begins with `text` comes from Slack."""
    file = name.rpartition("/")[2]
    lists = text.lstrip().startswith("[") and NAMED.search(text) is not None
    if lists and ((file in PEOPLE_LISTS and MEMBER.search(text)) or (file in CHANNEL_LISTS and CHANNEL.search(text))):
        return True
    if TS.search(text) and (MESSAGE.search(text) or '"user"' in text):
        return True
    if CALL.search(text) or (EVENT.search(text) and AROUND_EVENTS.search(text)):
        return True
    return bool(OK.match(text) and OF_SLACK.search(text))
