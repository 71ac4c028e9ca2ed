"""Demo data on the command line: `integrations add --demo`, and its label wherever a task is printed."""

import json

from tests.cli.conftest import Watchfloor

ON = {"INTEGRATIONS_STUB_MODE": "true"}
ADD = ("integrations", "add", "gmail", "mail", "--demo")


def test_it_is_added_pulled_and_labelled_wherever_it_is_shown(watchfloor: Watchfloor) -> None:
    added = watchfloor(*ADD, **ON)
    pulled = watchfloor("sync", "--wait", **ON)
    listed = watchfloor("integrations", "list", **ON)
    top = watchfloor("top", **ON)
    [first, *_] = json.loads(watchfloor("top", "--json", **ON).stdout)

    assert [each.exit_code for each in (added, pulled, listed, top)] == [0, 0, 0, 0]
    assert "sample data" in added.stdout
    assert pulled.stdout.startswith("mail: succeeded; read ")
    assert "sample data" in listed.stdout
    assert "sample data" in top.stdout
    assert "sample clear" in top.stdout
    assert first["source"]["sample"] is True
    assert "Sample data" in watchfloor("why", str(first["id"]), **ON).stdout


def test_where_it_may_not_be_the_setting_is_named(watchfloor: Watchfloor) -> None:
    refused = watchfloor(*ADD)

    assert refused.exit_code == 1
    assert "set INTEGRATIONS_STUB_MODE=true" in refused.output
    assert watchfloor("integrations", "list", "--json").stdout == "[]\n"


def test_it_has_no_accounts(watchfloor: Watchfloor) -> None:
    assert watchfloor(*ADD, "--account", "ca_mine", **ON).exit_code == 2


def test_with_the_switch_off_again_nothing_is_pulled_and_why_is_said(watchfloor: Watchfloor) -> None:
    watchfloor(*ADD, **ON)
    watchfloor("sync", "--wait", **ON)

    refused = watchfloor("sync", "mail", "--wait")

    assert refused.exit_code == 1
    assert "Demo data is switched off" in refused.output
    assert "sample data" in watchfloor("top").stdout


def test_clearing_the_sample_takes_it_along(watchfloor: Watchfloor) -> None:
    watchfloor(*ADD, **ON)
    watchfloor("sync", "--wait", **ON)

    cleared = watchfloor("sample", "clear", **ON)

    assert cleared.exit_code == 0
    assert json.loads(watchfloor("top", "--json", **ON).stdout) == []


def test_checking_services_says_that_it_is_on(watchfloor: Watchfloor) -> None:
    on, off = watchfloor("config", "check-services", **ON), watchfloor("config", "check-services")

    assert "ok      demo data: on (INTEGRATIONS_STUB_MODE)" in on.output
    assert "demo data" not in off.output
