"""By which way a request arrives: from whom, by which name of this service, encrypted or not.

Conventions
-----------
- What a proxy says (``X-Forwarded-For``, ``-Proto``, ``-Host``) counts if the proxy is trusted: then ``client``,
  ``scheme`` and the header ``Host`` of the scope are what they were at the proxy. Of several hops, the last that is not
  trusted is who asks; what stands before that, anybody may have written. ``Forwarded`` (RFC 7239) is never read: a
  proxy that does not know it passes on what strangers put there.
- A request that asks for another name than this service's is refused (421). A page of a foreign site whose name was
  made to mean this machine would else be a page of ours to the browser that shows it (DNS rebinding). The name that the
  request itself brings has to be ours too where a proxy gives another: such a page may send any header.
- An address in figures cannot be made to mean another machine: where we listen everywhere, each is ours.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from ml.foundation.phrase import Phrase
from ml.foundation.service_settings import Service
from ml.service.problems import problem
from ml.service.words import language_in

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
#: What every machine calls itself.
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not listened at
_OTHER_NAME = Phrase(
    {
        "en": "it is not asked by the name in this request",
        "de": "unter dem Namen in dieser Anfrage wird er nicht gefragt",
    }
)
_HOSTS = Phrase(
    {
        "en": "whoever runs it names it in service.hosts",
        "de": "wer ihn betreibt, nennt den Namen in service.hosts",
    }
)
#: Plain and encrypted.
_SCHEMES = {"http": ("http", "https"), "websocket": ("ws", "wss")}


class Arrival:
    """Finds out who asks, and whether this service is meant.

    Parameters
    ----------
    app : ASGIApp
    settings : Service
    """

    def __init__(self, app: ASGIApp, *, settings: Service) -> None:
        self._app = app
        self._trusted = [ip_network(each, strict=False) for each in settings.trusted_proxies]
        self._names = names_of(settings)
        self._any_address = settings.host in _ANYWHERE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that is for this service."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked = [Headers(scope=scope).get("host", "")]
        if self._trusted and is_within(_peer(scope), self._trusted):
            asked += _believed(scope, self._trusted)
        if all(self._is_ours(each) for each in asked):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            said: Any = {"detail": _OTHER_NAME, "hint": _HOSTS, "language": language_in(scope)}
            await problem(421, **said)(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = name_of(host)
        if "*" in self._names or name in self._names:
            return True
        return self._any_address and address_of(name) is not None


def names_of(settings: Service) -> frozenset[str]:
    """Give the names that a service is asked by.

    >>> sorted(names_of(Service(host="10.0.0.7", hosts=["Music.example"])))
    ['10.0.0.7', '127.0.0.1', '::1', 'localhost', 'music.example']
    """
    names = _OWN | {settings.host.lower()} | {each.lower().rstrip(".") for each in settings.hosts}
    if settings.host in _ANYWHERE:
        machine = socket.gethostname().lower()
        names |= {machine, f"{machine}.local"}
    return names


def name_of(host: str) -> str:
    """Give the name in a header ``Host``.

    >>> name_of("Music.example.:8000"), name_of("[::1]:8000"), name_of("a.example:80@b")
    ('music.example', '::1', '')
    """
    text = host.strip().lower()
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    else:
        name, _, port = text.partition(":")
    return name.rstrip(".") if not port or port.isdigit() else ""


def has_own_name(host: str) -> bool:
    """Tell whether a header ``Host`` names one host, and not this machine or a number.

    >>> has_own_name("music.example:443"), has_own_name("localhost:8000"), has_own_name("10.0.0.7")
    (True, False, False)
    """
    name = name_of(host)
    return bool(name) and name not in _OWN and address_of(name) is None


def address_of(text: str) -> Address | None:
    """Read an address in figures, with or without a port; None for anything else.

    >>> str(address_of("::ffff:10.0.0.1")), str(address_of("10.0.0.1:4711")), address_of("unknown")
    ('10.0.0.1', '10.0.0.1', None)
    """
    for each in (text.strip(), name_of(text)):
        try:
            found = ip_address(each)
        except ValueError:
            continue
        return getattr(found, "ipv4_mapped", None) or found
    return None


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Tell whether an address is in one of some networks."""
    return address is not None and any(address in each for each in networks)


def asker(hops: Sequence[str], trusted: Collection[Network]) -> Address | None:
    """Find who asks among the hops of a request, the nearest last; None where that cannot be told.

    >>> trusted = [ip_network("10.0.0.0/8")]
    >>> str(asker(["1.1.1.1", "203.0.113.9", "10.0.0.2"], trusted)), asker(["203.0.113.9", "nonsense"], trusted)
    ('203.0.113.9', None)
    >>> str(asker(["10.0.0.3", "10.0.0.2"], trusted))
    '10.0.0.3'
    """
    found = None
    for each in reversed(hops):
        found = address_of(each)
        if not is_within(found, trusted):
            break
    return found


def household_of(address: str) -> str:
    """Give what stands for whoever has an address: of IPv6 its network, of which one household has all addresses.

    >>> household_of("203.0.113.9"), household_of("2001:db8::1") == household_of("2001:db8::2:3"), household_of("")
    ('203.0.113.9', True, '')
    """
    found = address_of(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return address if found is None else str(found)


def _peer(scope: Scope) -> Address | None:
    client: Any = scope.get("client")
    return address_of(client[0]) if client else None


def _believed(scope: Scope, trusted: Collection[Network]) -> list[str]:
    """Write into a scope what a trusted proxy says; give the name that it was asked by."""
    headers = Headers(scope=scope)
    hops = [each for line in headers.getlist("x-forwarded-for") for each in line.split(",")]
    if hops:
        found = asker(hops, trusted)
        # Who cannot be told is nobody in particular, and not the proxy, which many stand behind.
        scope["client"] = (str(found) if found else "unknown", 0)
    proto = _last(headers.getlist("x-forwarded-proto")).lower()
    if proto in {"http", "ws", "https", "wss"}:
        scope["scheme"] = _SCHEMES[scope["type"]][proto in {"https", "wss"}]
    name = _last(headers.getlist("x-forwarded-host"))
    if name:
        MutableHeaders(scope=scope)["host"] = name
    return [name] if name else []


def _last(lines: Sequence[str]) -> str:
    """Give what the nearest proxy says."""
    return lines[-1].rpartition(",")[2].strip() if lines else ""
