"""Which kind an import is of: as somebody says, or as the file looks."""

from pathlib import Path

from app.core.errors import FieldError, Invalid
from app.integrations import registry
from app.integrations.contract import Manifest


def manifest_of(kind: str, location: str) -> Manifest:
    """Raises Invalid for a kind there isn't."""
    manifest = registry.KINDS.get(kind)
    if manifest is None:
        kinds = ", ".join(registry.KINDS)
        raise Invalid(f"There is no kind {kind[:100]}.", errors=[FieldError(location, f"one of {kinds}")])
    return manifest


def of_files(kind: str, location: str) -> Manifest:
    """The same for a kind that files are imported into. Raises Invalid for one that is only pulled."""
    manifest = manifest_of(kind, location)
    if not manifest.file_hint:
        detail = f"{manifest.title} is pulled from its service: no file can be imported into it."
        raise Invalid(detail, errors=[FieldError(location, "is only pulled")])
    return manifest


def recognised(path: Path, name: str) -> Manifest:
    """The kind that reads `path`, which its owner calls `name`. Raises Invalid."""
    try:
        return registry.recognise(path)
    except registry.Unrecognised as error:
        detail = str(error).replace(path.name, name)
        raise Invalid(detail, errors=[FieldError("body.file", "is of no kind we know")]) from error
