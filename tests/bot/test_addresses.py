"""What is public on the internet, and what is not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import embedded, is_public, parse_address

PUBLIC = (
    "1.1.1.1",
    "93.184.215.14",
    "223.5.5.5",
    "172.32.0.1",
    "2606:4700::1111",
    "240e::1",
    "64:ff9b::808:808",
)
NOT_PUBLIC = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.9.9.9"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::808:808", "2002:7f00:1::"),
    *("2002:c0a8:101::1", "2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet_are_public(address: str) -> None:
    assert is_public(parse_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_of_this_machine_of_networks_and_of_nobody_are_not(address: str) -> None:
    assert not is_public(parse_address(address))


@given(st.integers(0, 2**32 - 1))
def test_an_address_is_as_public_as_the_one_that_is_written_into_it(number: int) -> None:
    inner = IPv4Address(number)
    mapped = IPv6Address((0xFFFF << 32) | number)
    six_to_four = IPv6Address((0x2002 << 112) | (number << 80))
    translated = IPv6Address((0x64_FF9B << 96) | number)

    for outer in (mapped, six_to_four, translated):
        assert embedded(outer) == inner
        assert is_public(outer) == is_public(inner)
