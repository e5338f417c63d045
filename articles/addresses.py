"""The address that a request comes from: the lockout counts by it, and the limits of the API."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The client's address; for IPv6 its network, because a client controls a whole /64.

    X-Forwarded-For is read from the right, as far as TRUSTED_PROXIES says. Clients can forge the entries further left.
    """
    proxies = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    forwarded = hops[-proxies].strip() if 0 < proxies <= len(hops) else ""
    return _network(forwarded) or _network(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=4096)
def _network(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
