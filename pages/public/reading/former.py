"""Where the addresses of former websites lead; asked only where nothing of this site answers."""

from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest

from pages.content.models import FormerAddresses
from pages.content.models.former_addresses import page_led_to
from pages.content.tree.address_table import AddressTable, Destination, path_here, read_table
from pages.content.tree.addresses import address_of, has_view
from pages.ground.version import memory

from .finding import page_at
from .missing import known_of
from .withdrawn import replacement_at


def former_address_leads_to(request: HttpRequest) -> str:
    """Where to send who asks for an address of a former website, or in capitals; empty if nowhere."""
    known_of(request)  # brings the version, in the query that a missing page takes anyway
    return memory.once(request, "former address", lambda: _lookup(request.path_info))


def _lookup(path: str) -> str:
    if "\0" in path or path.startswith(f"/{settings.ADMIN_PATH}"):  # PostgreSQL refuses the one
        return ""
    table = memory.remembered("former addresses", ("formeraddresses",), _read)
    if target := table.exact(path):
        return _address_now(target)
    if path != path.lower() and (page := page_at(path_here(quote(path.lower())))):
        return address_of(page.url_path) or ""
    return next(filter(None, map(_address_now, table.by_patterns(path))), "")


def _read() -> AddressTable:
    tables = FormerAddresses.objects.public().order_by("pk").values_list("lines", flat=True)
    return AddressTable(line for lines in tables for line in read_table(lines)[0])


def _address_now(target: Destination) -> str:
    """The address at which the target lies now; empty if nothing is there, so that nobody is led in a circle.

    Where a part of what was asked for stands in it, only that of a page: nothing else is safe to send on.
    """
    path = path_here(target.address)
    if not path or (not target.is_filled and has_view(path)):
        return target.address
    page = page_at(path) or page_led_to(path)
    address = address_of(page.url_path) if page else replacement_at(path)
    if not address:
        return ""
    parts = urlsplit(target.address)
    return parts._replace(path=address).geturl()
