"""scripts/fake-composio: serves until it is interrupted, and says how Watchfloor is made to use it."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from scripts.fake_composio import worlds
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving

API = "http://localhost:8000/api/v1"


def main() -> int:
    given = _arguments().parse_args()
    fake = FakeComposio(given.key, legacy=given.legacy, seed=given.seed)
    try:
        for toolkit in worlds.built(given):
            fake.connect(f"ca_{toolkit.toolkit}", toolkit)
        if given.faults:
            fake.faults.mix(given.faults, given.seed, slow_s=given.slow)
        asyncio.run(_serve(fake, given.port))
    except OSError as error:
        sys.stderr.write(f"scripts/fake-composio: {error}\n")
        return 1
    return 0


def _arguments() -> argparse.ArgumentParser:
    """What each is for stands in scripts/fake-composio."""
    parser = argparse.ArgumentParser(prog="scripts/fake-composio", add_help=False)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--key", default="test-key")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=_chance, default=0.0)
    parser.add_argument("--slow", type=float, default=30.0)
    parser.add_argument("--legacy", action="store_true")
    for toolkit in worlds.TOOLKITS:
        for name, default in worlds.sizes(toolkit).items():
            parser.add_argument(f"--{name}", type=_count, default=default)
    parser.add_argument("--mbox", type=Path)
    parser.add_argument("--slack-export", type=Path)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("expects a number that is not negative")
    return int(text)


def _chance(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("expects a share from 0 to 1")
    return value


async def _serve(fake: FakeComposio, port: int) -> None:
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    async with serving(fake, port) as url:
        sys.stdout.write(told(fake, url))
        sys.stdout.flush()
        await ended.wait()


def told(fake: FakeComposio, url: str) -> str:
    """What a person needs to use it."""
    lines = [f"A stand-in for Composio listens at {url}", "", "Its accounts, of user «default»:"]
    for account in fake.accounts.by_id.values():
        toolkit = account.toolkit.toolkit
        how_much = " ".join(f"--{name}" for name in worlds.sizes(toolkit))
        lines.append(f"  {account.id:<18} {toolkit:<15} how much there is in it: {how_much}")
    lines += [
        "",
        "In .env, for Watchfloor to use it:",
        f"  COMPOSIO_BASE_URL={url}",
        f"  COMPOSIO_API_KEY={fake.api_key}",
    ]
    lines += ["", "Then, with Watchfloor running (scripts/run), a key, and an integration for each:"]
    lines.append("  KEY=$(.venv/bin/watchfloor keys create stand-in --scopes admin)")
    for account in fake.accounts.by_id.values():
        new = {
            "kind": account.toolkit.toolkit,
            "name": f"made-up {account.toolkit.toolkit}",
            "gateway": {"user_id": account.user_id, "connected_account_id": account.id},
        }
        who = '-H "Authorization: Bearer $KEY"'
        lines.append(f"  curl {API}/integrations {who} -H 'Content-Type: application/json' -d '{json.dumps(new)}'")
    failing = {"kind": "status", "status": 429, "retry_after": 5, "times": 3}
    lines += ["", "Faults while it runs (docs/fake-composio.md):"]
    lines.append(f"  curl {url}/_control/faults -d '{json.dumps(failing)}'")
    return "\n".join(lines) + "\n\nCtrl-C ends it.\n"


if __name__ == "__main__":
    sys.exit(main())
