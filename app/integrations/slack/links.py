"""Where Slack messages stand: their keys and addresses."""


def key(channel: str, ts: str) -> str:
    """The key under which a message, and every link to it, is known."""
    return f"slack:{channel}/{ts}"


def permalink(domain: str, channel: str, ts: str, thread_ts: str = "") -> str:
    """Where the message stands in Slack, "" where the workspace's domain or the channel's id is unknown."""
    if not domain or channel.startswith("#"):
        return ""
    behind = f"?thread_ts={thread_ts}&cid={channel}" if thread_ts else ""
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}{behind}"
