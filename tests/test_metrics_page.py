"""docs/metrics.md names every metric and no other, and Prometheus takes its rules."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.domains.identity.rules import OF_SCOPE, Permission, Scope
from app.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
SOURCES = [PROJECT_ROOT / "app" / "core" / "metrics.py", *(PROJECT_ROOT / "app" / "workflows" / "metrics").glob("*.py")]
LISTED = dict(re.findall(r"^\| `(watchfloor_\w+)` \| (\w+) \|", PAGE, re.MULTILINE))
RULES = re.findall(r"```yaml\n(groups:.*?)```", PAGE, re.DOTALL)[0]


SCRAPE = re.findall(r"```yaml\n(scrape_configs:.*?)```", PAGE, re.DOTALL)[0]


def made() -> set[str]:
    """The names that the program gives its metrics."""
    return {
        name for path in SOURCES for name in re.findall(r'"(watchfloor_[a-z_]+)"', path.read_text(encoding="utf-8"))
    }


def test_every_metric_is_listed_and_no_other() -> None:
    assert set(LISTED) == made()


def test_each_is_named_as_its_sort_asks() -> None:
    for name, sort in LISTED.items():
        assert name.endswith("_total") == (sort == "counter"), name
        assert sort != "histogram" or name.endswith("_seconds"), name


def test_rules_look_at_metrics_that_there_are() -> None:
    looked_at = set(re.findall(r"watchfloor_[a-z_]+", RULES))

    assert looked_at
    assert looked_at <= set(LISTED)


def test_a_scrape_shows_a_key_that_stands_in_a_file_and_has_the_one_scope() -> None:
    assert "authorization: {credentials_file: /etc/prometheus/watchfloor.key}" in SCRAPE
    assert "watchfloor keys create prometheus --scopes metrics:read > /etc/prometheus/watchfloor.key" in PAGE
    assert OF_SCOPE[Scope.METRICS_READ] == {Permission.METRICS_READ, Permission.STATUS_READ}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
def test_prometheus_takes_the_scrape(tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    config.write_text(SCRAPE, encoding="utf-8")

    command = ["promtool", "check", "config", "--syntax-only", str(config)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES, encoding="utf-8")

    checked = subprocess.run(["promtool", "check", "rules", rules], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "4 rules found" in checked.stdout
