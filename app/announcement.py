"""A service's name on the local network (mDNS, RFC 6762 and 6763).

It stands alone because its library is imported only where somebody wants to be found.
"""

from __future__ import annotations

import socket

from zeroconf import ServiceInfo, Zeroconf

LOOPBACK = "127.0.0.1"


class Announcement:
    """One announced service; `close` takes it back."""

    def __init__(self, name: str, service: str, host: str, port: int) -> None:
        """Announce; raises what the network raises."""
        on_loopback = host == LOOPBACK
        self._zeroconf = Zeroconf(interfaces=[LOOPBACK]) if on_loopback else Zeroconf()
        address = LOOPBACK if on_loopback else _own_address()
        self._info = ServiceInfo(
            service,
            f"{name} {port}.{service}",
            addresses=[socket.inet_aton(address)],
            port=port,
            server=f"{socket.gethostname().split('.')[0]}.local.",
        )
        self._zeroconf.register_service(self._info)

    def close(self) -> None:
        self._zeroconf.unregister_service(self._info)
        self._zeroconf.close()


def _own_address() -> str:
    """Return the address under which others reach this computer; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation address (RFC 5737): asks only which way out is used
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK
