"""Addresses that people enter: what is no public address is recognised, however it is spelled."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.addresses import Target, is_public, may_be_called, networks, parsed, plain, subscriber


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com/x?y=1#part", Target("https", "hooks.example.com", 443, "/x?y=1")),
        ("http://Hooks.Example.com:8080", Target("http", "hooks.example.com", 8080, "/")),
        ("https://bücher.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        ("https://[2001:4860:4860::8888]/", Target("https", "2001:4860:4860::8888", 443, "/")),
        ("https://93.184.216.34/", Target("https", "93.184.216.34", 443, "/")),
        ("https://１２７.０.０.１/", Target("https", "127.0.0.1", 443, "/")),
        ("https://127。0。0。1/", Target("https", "127.0.0.1", 443, "/")),
        ("https://ⓛocalhost/", Target("https", "localhost", 443, "/")),
    ],
)
def test_an_address_is_taken_apart_once_and_for_all(url: str, target: Target) -> None:
    assert parsed(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "//hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user:password@example.com/",
        "https://public.example@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
        "https://exam ple.com/",
        "https://example.com/\r\nX-Injected: 1",
        "https://example.com/\u200b",
        "https://example.com:22/",
        "https://example.com:25/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://2130706433/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://127.0.0.0x1/",
        "https://1.2.3.4.5/",
        "https://[::1%25eth0]/",
        "https://[fe80::1%25lo]/",
        "https://[::ffff:127.0.0.1/",
        "https://[v1.x]/",
        "https://exa$mple.com/",
        "https://" + "a" * 300 + ".com/",
        "https://example.com/" + "x" * 3000,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(An address|This is no|Write an).*\.$"):
        parsed(url)


PRIVATE = """
127.0.0.1 127.9.9.9 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
100.127.255.254 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::a00:1 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101:: 2001:0:1234::1 2001:db8::1 100::1 fc00::1 fd12:3456::1
2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1 fe80::1 fec0::1 ff02::1 ff0e::1 3fff::1 5f00::1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_no_address_of_ones_own_network_may_be_called(address: str) -> None:
    assert not may_be_called(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2606:4700::5efe:101:101"],
)
def test_public_ones_may(address: str) -> None:
    assert may_be_called(address)


@pytest.mark.parametrize("nonsense", ["", "localhost", "1.2.3", "fe80::1%eth0", "0x7f000001", "2130706433"])
def test_what_is_no_address_may_not(nonsense: str) -> None:
    assert not may_be_called(nonsense)


def test_a_network_that_is_allowed_may_be_called_and_its_neighbour_not() -> None:
    allowed = networks(["10.1.0.0/16", "fd00::/64", "127.0.0.1"])

    assert may_be_called("10.1.2.3", allowed)
    assert may_be_called("::ffff:10.1.2.3", allowed)
    assert may_be_called("fd00::5", allowed)
    assert may_be_called("127.0.0.1", allowed)
    assert not may_be_called("10.2.0.1", allowed)
    assert not may_be_called("127.0.0.2", allowed)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [
        f"::ffff:{address}",
        str(ip_address((0x64FF9B << 96) | number)),
        str(ip_address((0x2002 << 112) | (number << 80))),
    ]

    assert {may_be_called(each) for each in wrapped} == {is_public(address)}


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for url in (text, f"https://{text}/", f"http://example.com:{text}"):
        try:
            found = parsed(url)
        except ValueError:
            continue
        assert found.scheme in ("http", "https")
        assert found.host.isascii()
        assert not set(found.host) & set("@/\\ %")


@given(st.ip_addresses(v=4))
def test_an_address_is_itself_however_a_socket_gives_it(address: IPv4Address) -> None:
    assert plain(f"::ffff:{address}") == plain(str(address)) == address
    assert subscriber(f"::ffff:{address}") == subscriber(str(address)) == str(address)


def test_a_subscriber_has_one_address_or_a_network() -> None:
    assert subscriber("2606:2800::1") == subscriber("2606:2800::ffff:1") == "2606:2800::/64"
    assert subscriber("::ffff:192.0.2.1") != subscriber("::ffff:192.0.2.2")
    assert subscriber("/run/socket") == subscriber("") == "elsewhere"
