"""Who may speak to the instrument: this computer always, others only when the performer lets them in.

An instrument on a festival's network is moved by everybody's packets. So it listens to itself, opening it is a
visible switch, and a list says whose hands are meant.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

ANY = "0.0.0.0"
LOOPBACK = "127.0.0.1"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Gate:
    """Lets senders in or not. Attributes: `open` (others than this computer may speak), `allowed` (networks; empty:
    everybody), `refused` (senders turned away)."""

    def __init__(self) -> None:
        self.open = False
        self.allowed: tuple[Network, ...] = ()
        self.refused = 0

    def admits(self, host: str) -> bool:
        """Return whether a sender is let in."""
        address = _address(host)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address is not None and address.is_loopback:
            return True
        if self.open and address is not None and (not self.allowed or any(address in one for one in self.allowed)):
            return True
        self.refused += 1
        return False


def is_near(gate: Gate, name: str) -> bool:
    """Return whether a host that a web page names is one of this network: an address that is let in, or a name without
    a domain. A page from anywhere else that a browser has open must not play the instrument."""
    name = name.strip("[]").casefold()
    if _address(name) is not None:
        return gate.admits(name)
    return name == "" or "." not in name or name.endswith((".local", ".localhost"))


@lru_cache(maxsize=1024)
def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the networks that a text lists, such as "192.168.1.20, 10.0.0.0/24"; ValueError names a wrong one."""
    found: list[Network] = []
    for word in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError as error:
            raise ValueError(f"{word!r} is no address: write such as 192.168.1.20 or 192.168.1.0/24") from error
    return tuple(found)
