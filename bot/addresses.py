"""Which addresses of the internet are public. What is fetched for documents comes from no other.

The ranges are those of IANA's registries of special-purpose addresses (RFC 6890 and its updates), written
out: `ipaddress.is_global` differs between versions of Python.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

SPECIAL = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' own networks
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, and the clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
GLOBAL = IPv6Network("2000::/3")
SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
"""Within GLOBAL: Teredo and others that lead elsewhere, and documentation."""
TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64: the last 32 bits are an IPv4 address, which is where it leads."""


def is_public(address: Address) -> bool:
    """Return whether the address is one of the public internet, and leads to one."""
    if isinstance(address, IPv6Address):
        inner = embedded(address)
        if inner is None:
            return address in GLOBAL and not any(address in network for network in SPECIAL_6)
        address = inner
    return not any(address in network for network in SPECIAL)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that is written into this one (IPv4-mapped, 6to4, NAT64); None for others."""
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def parse_address(text: str) -> Address:
    """Return the address as a resolver gives it; the zone of an IPv6 address (%eth0) is left out."""
    return ip_address(text.partition("%")[0])
