"""composio-core, imported without its habits: one ToolSet for the process, whose every request goes where we say.

Importing it as it is writes to the home folder, calls its maker twice (once more at exit), and takes over the root
logger. Each ToolSet stays in a list for ever, so there is one for each address and key. What it would look up before
a call (the tool, its schema, its application) it is told here, from our own table: the look-ups cost three requests,
and when they fail the SDK blames the tool's name. Loading takes about a second and 70 MB: it belongs in a thread.

`composio`, the newer SDK, has the same import name: where both are installed, each file is of whichever came last.
"""

import atexit
import logging
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any

from app.core.errors import Conflict
from app.integrations.gateways.contract import Tool
from app.integrations.gateways.tools import LATEST

if TYPE_CHECKING:
    from composio import Action, ComposioToolSet
    from requests.adapters import BaseAdapter

_HABITS_OFF = {
    "COMPOSIO_DISABLE_SENTRY": "true",
    "COMPOSIO_DISABLE_VERSION_CHECK": "true",
    "COMPOSIO_NO_CACHE_REFRESH": "true",
    "COMPOSIO_NO_REMOTE_ENUM_FETCHING": "true",
    "COMPOSIO_LOGGING_LEVEL": "error",
}
_loading = threading.Lock()
_made: dict[tuple[str, str], "ComposioToolSet"] = {}
_cache: list[str] = []
"""The folder that it may write to, once it is loaded."""


def check_packages() -> None:
    """Raises Conflict where the SDK can't be used as it is installed."""
    if _installed("composio-core") is None:
        raise Conflict("COMPOSIO_GATEWAY=sdk needs the package composio-core, which is not installed.")
    if (other := _installed("composio")) is not None:
        raise Conflict(
            f"The packages composio {other} and composio-core are both installed and overwrite each other's files."
            " Uninstall both and install composio-core again, or set COMPOSIO_GATEWAY=rest."
        )


def toolset(base_url: str, api_key: str, carrier: Callable[[], "BaseAdapter"]) -> "ComposioToolSet":
    """The process's ToolSet for this address and key, its sessions on a `carrier`. Takes a second the first time."""
    with _loading:
        _import()
        if (base_url, api_key) not in _made:
            _made[base_url, api_key] = _toolset(base_url, api_key, carrier())
        return _made[base_url, api_key]


def introduce(toolset: "ComposioToolSet", tool: Tool) -> "Action":
    """Tell the SDK of a tool what it would look up. Returns its Action.

    Without the pinned version: that is v3.1's, where our own table gives it; old servers number theirs otherwise.
    """
    from composio import Action, App  # noqa: PLC0415 - loaded by now
    from composio.client.collections import (  # noqa: PLC0415
        ActionModel,
        ActionParametersModel,
        ActionResponseModel,
    )
    from composio.client.enums.base import ActionData, AppData  # noqa: PLC0415

    with _loading:
        action = Action(tool.slug)
        if tool.slug in toolset._schema_helper._schema_cache:
            return action
        action._data = ActionData(name=tool.slug, app=tool.toolkit, tags=[])
        App(tool.toolkit)._data = AppData(name=tool.toolkit)
        toolset._schema_helper._schema_cache[tool.slug] = ActionModel(
            name=tool.slug,
            description="",
            parameters=ActionParametersModel(properties={}, title="", type="object"),
            response=ActionResponseModel(properties={}, title="", type="object"),
            appName=tool.toolkit,
            appId="",
            version=LATEST,
            available_versions=[LATEST],
            tags=[],
        )
        return action


def _toolset(base_url: str, api_key: str, carrier: "BaseAdapter") -> "ComposioToolSet":
    from composio import ComposioToolSet  # noqa: PLC0415 - heavy
    from composio.client import _valid_keys  # noqa: PLC0415

    _valid_keys.add(api_key)  # else it asks v1 of it, past our transport; the first call tells
    with _quietly():
        made = ComposioToolSet(api_key=api_key, base_url=base_url, lock=False, max_retries=1)
    # Whether there is an account is the server's to say: the SDK would remember «none» for as long as it lives.
    made.check_connected_account = _the_server_knows  # type: ignore[method-assign] # the SDK offers no other way
    for session in (made.client.http, made.client.long_timeout_http):
        session.trust_env = False  # else a .netrc would add its own credentials
        session.mount("https://", carrier)
        session.mount("http://", carrier)
    return made


def _the_server_knows(*_args: Any, **_kwargs: Any) -> None:
    return None


def _import() -> None:
    if _cache:
        return
    # Its own, and gone with the process: what is precious is in our table, and a home folder may be read-only.
    folder = tempfile.mkdtemp(prefix="watchfloor-composio-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(_HABITS_OFF | {"COMPOSIO_CACHE_DIR": folder})
    with _quietly():
        import composio  # noqa: F401, PLC0415 - heavy
        from composio.utils import sentry  # noqa: PLC0415
    atexit.unregister(sentry.update_dsn)
    _cache.append(folder)


@contextmanager
def _quietly() -> Iterator[None]:
    """What it warns of while it loads is not ours to mend; the handler that it gives the root logger is taken back."""
    root = logging.getLogger()
    before = list(root.handlers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            for handler in [each for each in root.handlers if each not in before]:
                root.removeHandler(handler)


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
