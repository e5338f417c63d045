"""From which address a request comes, as lockout counts it."""

import ipaddress
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The client's address; of IPv6 its network, since a client has the whole of a /64.

    X-Forwarded-For counts from its right end, and only as far as TRUSTED_PROXIES says: what is further left,
    anybody may have written.
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
