"""Links that wait for their page: words until something public lies at the address, then a link.

A link to an address of this website where no page is yet is stored as the address. It is looked up each
time a page is written for readers, so nothing that two persons have confirmed changes when the page comes.
"""

from collections.abc import Iterable, Iterator

from django.utils.html import escape
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.rich_text import LinkHandler

from pages.content.tree.addresses import address_of, as_pages_write_it, root_of, split_address
from pages.ground.version import memory
from pages.ground.version.memory import Shelf

_MOST = 500
_leads: Shelf[str, str] = Shelf(("page", "redirect"), most=5_000)


class WaitingLinkHandler(LinkHandler):
    """Writes the address of what has come, and nothing around the words of what has not."""

    identifier = "waiting"

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        addresses = [attrs.get("address", "") for attrs in attrs_list]
        found = where_they_lead(addresses)
        return [
            f'<a href="{escape(found[address])}">' if found[address] else "<a>"
            for address in addresses
        ]


def can_wait(address: str) -> bool:
    """Whether a page or a file of this website could come to lie at the address."""
    is_path = address.startswith("/") and address[1:2] not in ("/", "\\")
    return is_path and address.isprintable() and len(address) <= _MOST


def where_they_lead(addresses: Iterable[str]) -> dict[str, str]:
    """Each address with that of the public page or file it leads to now; empty where it leads nowhere.

    It also leads where the page has moved to since, and where Wagtail has written that it leads on.
    """
    wanted = set(addresses)
    if not memory.is_remembering():
        found = _look_up(wanted)
    else:
        found = {key: value for key, value in _leads.all_of(wanted, _look_up).items() if value}
    return {address: found.get(address, "") for address in wanted}


def _look_up(addresses: set[str]) -> dict[str, str]:
    spellings = {each: {each, as_pages_write_it(each)} for each in addresses if can_wait(each)}
    pages = _public_pages_at({path for ways in spellings.values() for path in ways})
    found = {}
    for address, ways in spellings.items():
        if way := next((way for way in ways if way in pages), ""):
            found[address] = pages[way]
    left: dict[str, list[str]] = {}
    for address, ways in spellings.items():
        for way in ways if address not in found else ():
            left.setdefault(Redirect.normalise_path(way), []).append(address)
    if left:
        rows = Redirect.objects.filter(old_path__in=left).select_related("redirect_page")
        for row in rows:
            if led := _led_to(row):
                found |= dict.fromkeys(left[row.old_path], led)
    return found


def _public_pages_at(paths: Iterable[str]) -> dict[str, str]:
    """Path -> the address of the public page that lies there."""
    by_url_path = dict(_url_paths(paths))
    slugs = {url_path.rstrip("/").rpartition("/")[2] for url_path in by_url_path}
    # With the slugs, which have an index.
    live = Page.objects.filter(slug__in=slugs, url_path__in=by_url_path, live=True)
    return {
        by_url_path[url_path]: address_of(url_path) or ""
        for url_path in live.values_list("url_path", flat=True)
    }


def _url_paths(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        language, rest = split_address(path)
        if root := root_of(language):
            yield root.root_path + rest, path


def _led_to(redirect: Redirect) -> str:
    page = redirect.redirect_page
    if page is not None:
        return (address_of(page.url_path) or "") if page.live else ""
    link = redirect.redirect_link
    return link if can_wait(link) or link.startswith(("https://", "http://")) else ""
