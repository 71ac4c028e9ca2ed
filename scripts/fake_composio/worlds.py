"""The worlds of the stand-in: one for each toolkit that is pulled, in the module of its name.

A world is the class there that bears the toolkit's name, and is made with `now`. Its `generate` takes how much there
is, the finest last, and a seed; each of these is an option of scripts/fake-composio. A new toolkit needs nothing here.
"""

import argparse
from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

from app.integrations.registry import KINDS
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.toolkit import Clock, Toolkit

TOOLKITS = tuple(kind.live.toolkit for kind in KINDS.values() if kind.live)
_SMALL, _GROUPS = 20, 2


def world(toolkit: str) -> Any:
    """The class of a toolkit's world. Raises ModuleNotFoundError or LookupError where there is none."""
    module = import_module(f"scripts.fake_composio.{toolkit}")
    for each in vars(module).values():
        if isinstance(each, type) and getattr(each, "toolkit", None) == toolkit:
            return each
    raise LookupError(f"no class in {module.__name__} has the toolkit «{toolkit}»")


def sizes(toolkit: str) -> Mapping[str, int]:
    """What `generate` takes before the seed, each with its default: {"channels": 5, "messages": 300}."""
    taken = list(signature(world(toolkit).generate).parameters.values())[1:]
    names = [each.name for each in taken]
    return {each.name: each.default for each in taken[: names.index("seed")]}


def small(toolkit: str, now: Clock, seed: int = 1) -> Toolkit:
    """A world of some dozen things, for tests of every toolkit."""
    *groups, finest = sizes(toolkit)
    made: Toolkit = world(toolkit)(now=now).generate(**dict.fromkeys(groups, _GROUPS), **{finest: _SMALL}, seed=seed)
    return made


def built(given: argparse.Namespace) -> Iterator[Toolkit]:
    """The worlds that scripts/fake-composio serves, made up or read from files. Raises OSError where one can't be."""
    for toolkit in TOOLKITS:
        if toolkit == "gmail" and given.mbox:
            yield world(toolkit)(now=real_time).from_mbox(given.mbox)
        elif toolkit == "slack" and given.slack_export:
            yield world(toolkit).from_export(given.slack_export, now=real_time)
        else:
            asked = {name: getattr(given, name) for name in sizes(toolkit)}
            yield world(toolkit)(now=real_time).generate(**asked, seed=given.seed)
