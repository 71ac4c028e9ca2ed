"""Secrets that are recognised wherever they turn up, also in the forms that they take on their way."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus


@dataclass
class Canaries:
    """By name: those that were planted, and those that the program made itself and showed once."""

    planted: dict[str, str] = field(default_factory=dict)

    def plant(self, name: str, value: str = "") -> str:
        """Distinct, of no shape that a pattern for keys knows."""
        self.planted[name] = value or f"canary {name} 7Hq9/+'x\"{len(self.planted):02}"
        return self.planted[name]

    def simple(self, name: str) -> str:
        """Where it has to stand in a header or an address."""
        return self.plant(name, f"canary-{name}-7Hq9zR{len(self.planted):02}")

    def found_in(self, outputs: Mapping[str, str | bytes]) -> list[str]:
        """«name in output», for every secret that can be read in one."""
        found = []
        for place, output in outputs.items():
            told = output if isinstance(output, bytes) else output.encode("utf-8", "replace")
            found += [
                f"{name} in {place}" for name, value in self.planted.items() if any(f in told for f in _forms(value))
            ]
        return found


def _forms(value: str) -> set[bytes]:
    texts = {value, json.dumps(value)[1:-1], repr(value)[1:-1], quote(value), quote(value, safe=""), quote_plus(value)}
    return {text.encode() for text in texts} | {base64.b64encode(value.encode()).rstrip(b"=")}
