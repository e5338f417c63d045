"""The address that a request comes from: the lockout counts by it, and the limits of the API."""

import ipaddress
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The client's address; for IPv6 its network, because a client controls a whole /64.

    X-Forwarded-For is read from the right, as far as TRUSTED_PROXIES says. Clients can forge the entries further left.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    forwarded = hops[-proxies] if 0 < proxies <= len(hops) else ""
    for text in (forwarded, request.META.get("REMOTE_ADDR", "")):
        with suppress(ValueError):
            return _network(ipaddress.ip_address(text))
    return None


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
