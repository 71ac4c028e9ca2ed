"""Which class of rate limit each route of the API belongs to."""

import re

import pytest

from app.core.rates import Rate
from app.main import create_app
from app.settings import Settings
from app.workflows.rates import HEAVY, class_of

ROUTES = [
    (method.upper(), re.sub(r"\{\w+\}", "7", path))
    for path, methods in create_app(Settings(_env_file=None), jobs=False).openapi()["paths"].items()
    for method in methods
]


@pytest.mark.parametrize(("method", "pattern"), HEAVY, ids=[pattern.pattern for _, pattern in HEAVY])
def test_every_heavy_address_is_one_that_there_is(method: str, pattern: re.Pattern[str]) -> None:
    assert [path for each, path in ROUTES if each == method and pattern.fullmatch(path)]


def test_whatever_reads_a_file_or_calls_a_service_is_heavy() -> None:
    heavy = {path for method, path in ROUTES if class_of(method, path, known=True) is Rate.HEAVY}

    assert {"/api/v1/integrations/import", "/api/v1/integrations/7/sync", "/api/v1/sync"} <= heavy
    assert {path for method, path in ROUTES if method == "POST" and path.endswith(("/import", "/sync"))} <= heavy


def test_whatever_takes_a_secret_of_somebody_who_is_not_known_is_bounded_as_signing_in() -> None:
    sign_in = {path for method, path in ROUTES if class_of(method, path, known=False) is Rate.SIGN_IN}

    assert {"/api/v1/auth/login", "/api/v1/auth/link", "/api/v1/auth/token", "/api/v1/auth/password/reset"} <= sign_in
    assert {"/api/v1/auth/oidc", "/api/v1/auth/oidc/callback"} <= sign_in


def test_only_health_is_not_counted() -> None:
    free = {path for method, path in ROUTES if class_of(method, path, known=True) is None}

    assert free == {"/health", "/health/live", "/health/ready"}
