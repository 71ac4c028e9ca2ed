"""docs/permissions.md out of the application: its routes, and the tables of roles and scopes."""

from app.core.gate import DECLARED
from app.domains.identity import permissions_page
from app.domains.identity.permissions_page import Asked
from app.main import create_app
from app.settings import Settings

SORTS_TRIED = 28
"""Sorts of credentials that tests/api/test_permissions.py asks each route with; it holds this number."""


def page() -> str:
    described = create_app(Settings(_env_file=None), jobs=False).openapi()["paths"]
    return permissions_page.page(
        (
            Asked(method.upper(), path, operation["description"].partition("\n")[0], operation[DECLARED])
            for path, methods in described.items()
            for method, operation in methods.items()
        ),
        sorts=SORTS_TRIED,
    )
