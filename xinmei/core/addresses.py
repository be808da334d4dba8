"""Which IP addresses are public, so that a request may leave for them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Public unicast and nothing else. Inside the first two lie ranges that are not public (IANA special-purpose
# registries); addresses that wrap an IPv4 address (::ffff:, NAT64, Teredo, 6to4) lie outside, or are taken out.
PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "1.0.0.0/8",
            "2.0.0.0/7",
            "4.0.0.0/6",
            "8.0.0.0/5",
            "16.0.0.0/4",
            "32.0.0.0/3",
            "64.0.0.0/2",
            "128.0.0.0/2",
            "192.0.0.0/4",
            "208.0.0.0/4",
            "2000::/3",
        ),
    )
)
NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        ),
    )
)


def is_public(address: str, allow: Iterable[Network] = ()) -> bool:
    """Whether an IP address may be connected to: public unicast, or in one of the networks that the operator allows."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in allow):
        return True
    return any(ip in network for network in PUBLIC) and not any(ip in network for network in NOT_PUBLIC)
