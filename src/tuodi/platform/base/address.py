"""From where a request comes: the connection's address, or what a proxy that we trust says."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address. `X-Forwarded-For` counts from its end, as far as trusted proxies have written it."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    for hop in reversed([hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]):
        if not (hop and within(address, settings.PROXIES)):
            break
        address = hop
    return address


def within(address: str, networks: list[str]) -> bool:
    """Whether the address lies in one of the networks (`10.1.0.0/16`, or a single address)."""
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in ip_network(network, strict=False) for network in networks)
