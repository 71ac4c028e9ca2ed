"""Who a request comes from, over a real server: only proxies that settings name are believed, in what they saw."""

import httpx
import pytest

from app.core.origins import names, origin_of
from tests.core.edge.serving import KEY, application, client, said, served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there in these tests
TRUSTED = ["127.0.0.1", "10.1.0.0/16", "fd00::/8"]


async def seen(port: int, *forwarded: str, proto: str | None = None, key: bool = False) -> dict[str, str]:
    headers = [("X-Forwarded-For", each) for each in forwarded]
    headers += [("X-Forwarded-Proto", proto)] if proto else []
    headers += list(KEY.items()) if key else []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        answer = await http.get("/thing", headers=headers)
    found: dict[str, str] = answer.raise_for_status().json()
    return found | {"hsts": answer.headers.get("strict-transport-security", "")}


async def test_without_a_setting_nobody_is_believed_not_even_this_machine() -> None:
    async with served(application()) as port:
        found = await seen(port, "93.184.216.34", proto="https")

    assert (found["client"], found["scheme"]) == ("127.0.0.1", "http")


async def test_the_rightmost_address_that_is_no_proxys_is_taken() -> None:
    async with served(application(proxies=TRUSTED)) as port:
        for forwarded, client_address in [
            (["93.184.216.34"], "93.184.216.34"),
            (["127.0.0.1, 93.184.216.34"], "93.184.216.34"),  # what it claims to be, and what the proxy saw
            (["1.1.1.1, 93.184.216.34, 10.1.2.3"], "93.184.216.34"),
            (["1.1.1.1", "93.184.216.34"], "93.184.216.34"),  # in two headers
            (["93.184.216.34:4711"], "93.184.216.34"),
            (["[2606:2800::1]:4711"], "2606:2800::1"),
            (["2606:2800:0:0::0001"], "2606:2800::1"),
            (["::ffff:93.184.216.34"], "93.184.216.34"),
        ]:
            assert (await seen(port, *forwarded, key=True))["client"] == client_address
            assert (await seen(port, *forwarded, key=True))["address"] == client_address


@pytest.mark.parametrize(
    "rubbish", [" ,x", "localhost", "unknown", "93.184.216.999", "' or 1=1", "[::1", "a" * 5000, "_x,"]
)
async def test_what_is_no_address_is_counted_as_the_proxy(rubbish: str) -> None:
    async with served(application(proxies=["127.0.0.1"])) as port:
        assert (await seen(port, f"1.1.1.1,{rubbish}"))["client"] == "127.0.0.1"


async def test_thousands_of_addresses_are_gone_through_at_once() -> None:
    async with served(application(proxies=TRUSTED)) as port:
        assert (await seen(port, ", ".join(["1.1.1.1"] * 3000)))["client"] == "1.1.1.1"
        assert (await seen(port, ", ".join(["1.1.1.1", *["10.1.0.1"] * 3000])))["client"] == "1.1.1.1"


async def test_behind_a_proxy_that_speaks_https_this_is_https() -> None:
    async with served(application(proxies=["127.0.0.1"])) as port:
        found = await seen(port, "93.184.216.34", proto="https")
        odd = await seen(port, "93.184.216.34", proto="javascript")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            page = {"Origin": "https://team.example", "Host": "team.example", "X-Forwarded-Proto": "https"}
            ours = await http.post("/thing", headers=page)
            downgraded = await http.post("/thing", headers=page | {"Origin": "http://team.example"})

    assert (found["scheme"], odd["scheme"]) == ("https", "http")
    assert found["hsts"]
    assert (ours.status_code, downgraded.status_code) == (200, 403)


async def test_the_page_at_public_url_may_act_though_the_proxy_is_not_named() -> None:
    app = application(own_origin=origin_of("https://watch.example:443/here"))
    async with client(app) as http:
        page = await http.post("/thing", headers={"Origin": "https://watch.example"})
        cross = await http.get("/thing", headers={"Origin": "https://watch.example"})

    assert page.status_code == 200
    assert "access-control-allow-origin" not in cross.headers


def test_the_names_it_answers_under_follow_from_where_it_listens() -> None:
    here = ["localhost", "127.0.0.1", "[::1]"]

    assert names("127.0.0.1", "", []) == here
    assert names("::1", "https://watch.example", ["Inner.Example"]) == [*here, "watch.example", "inner.example"]
    assert names("127.0.0.5", "", []) == [*here, "127.0.0.5"]
    assert names(EVERYWHERE, "", []) == []
    assert names(EVERYWHERE, "https://watch.example:8443", []) == [*here, "watch.example"]
    assert names("10.0.0.5", "", ["watch.internal"]) == [*here, "watch.internal"]
    assert names(EVERYWHERE, "http://[fd00::1]:80", []) == [*here, "[fd00::1]"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("watch.example", 200),
        ("WATCH.example:443", 200),
        ("watch.example.evil.example", 403),
        ("evil.example", 403),
        ("watch.example@evil.example", 403),
        ("watch.example:80:80", 403),
        ("watch.example:x", 403),
        ("watch.example/evil", 403),
        ("[::1", 403),
        ("", 403),
        ("x" * 8000, 403),
        ("\xff\xfe", 403),
    ],
)
async def test_a_foreign_or_malformed_host_is_refused_and_health_is_not(host: str, status: int) -> None:
    async with served(application(hosts=["watch.example"])) as port:
        head = b"\r\nHost: " + host.encode("latin-1") + b"\r\nConnection: close\r\n\r\n"
        answer = await said(port, b"GET /thing HTTP/1.1" + head)
        health = await said(port, b"GET /health/live HTTP/1.1" + head)

    assert f" {status} ".encode() in answer[:20]
    assert b" 200 " in health[:20]


async def test_two_hosts_are_none() -> None:
    async with served(application(hosts=["watch.example"])) as port:
        answer = await said(
            port, b"GET /thing HTTP/1.1\r\nHost: watch.example\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        )

    assert b" 400 " in answer[:20]
