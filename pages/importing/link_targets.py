"""Links: from the addresses that stand in a text to the pages that they lead to."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import Locale, Page

from pages.content.models import Topic
from pages.content.references.links_to_come import WaitingLinkHandler, can_wait
from pages.content.tree.addresses import (
    address_of,
    any_pages_at,
    as_pages_write_it,
    is_own_host,
    prefix_of,
    split_address,
)

from .wrapped_links import unwrapped

_CLOSED_DOMAINS = (".local", ".localhost", ".internal", ".intern", ".lan", ".home.arpa")
_OTHER_SCHEMES = ("mailto", "tel")
# Views that nobody follows a link to: one takes only POST, one only sends on.
_NOT_FOR_LINKS = ("close_cookie_notice", "old_address")
# A browser passes over these in an address, so `java\nscript:` must be read as it reads it.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_BARE_MAIL_ADDRESS = re.compile(r"[^@/:\s]+@[^@/:\s]+\.[a-z]+", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """Where an address leads: to one of the site's own things, or out."""

    address: str
    page: Page | None = None
    document: AbstractDocument | None = None
    is_forbidden: bool = False
    # An address of the site's own at which a page may come to lie.
    may_come: str = ""

    @property
    def leads_nowhere(self) -> bool:
        """Whether the text of the link is all that can be kept."""
        known = self.page or self.document or self.address
        return self.is_forbidden or not known

    @property
    def waits_at(self) -> str:
        """The address at which the link waits for a public page; empty if it leads there, or never will."""
        if self.page is not None:
            return "" if self.page.live else address_of(self.page.url_path) or ""
        return self.may_come


def resolve_links(
    html: str,
    *,
    locale: Locale,
    base: str = "",
    wait: Callable[[str, Target], object] | None = None,
) -> tuple[str, list[str]]:
    """The html with its links as Wagtail stores them, and the addresses that lead nowhere.

    Addresses on the site become links to the page or file itself; where there is none, the
    link's text is kept. Other sites' addresses stay, if a reader can follow them safely.
    `base` is the address that relative ones start from: the language's start page if empty.
    `wait` lets links to our own pages that are not public yet wait for them, and is told of each.
    """
    soup = BeautifulSoup(html, "html.parser")
    unresolved: dict[str, None] = {}
    for anchor in soup.find_all("a"):
        address = str(anchor.get("href", ""))
        target = target_of(address, locale=locale, base=base)
        if wait is not None and target.waits_at:
            wait(address, target)
            anchor.attrs = {"linktype": WaitingLinkHandler.identifier, "address": target.waits_at}
        elif target.leads_nowhere:
            if address:
                unresolved[address] = None
            anchor.unwrap()
        elif target.page is not None:
            anchor.attrs = {"linktype": "page", "id": str(target.page.pk)}
        elif target.document is not None:
            anchor.attrs = {"linktype": "document", "id": str(target.document.pk)}
        else:
            anchor.attrs = {"href": target.address}
    return soup.decode(formatter="minimal"), list(unresolved)


def target_of(address: str, *, locale: Locale, base: str = "") -> Target:
    """What an address in a text leads to."""
    plain = _as_a_browser_reads_it(unwrapped(_as_a_browser_reads_it(address)))
    if address and not plain:
        return Target(address, is_forbidden=True)
    try:
        parts = urlsplit(plain)
        host, scheme = parts.hostname or "", parts.scheme.lower()
    except ValueError:
        return Target(address, is_forbidden=True)
    if scheme in _OTHER_SCHEMES:
        return Target(f"{scheme}:{parts.path}", is_forbidden=not parts.path)
    if not _is_of_the_web(parts):
        return Target(address, is_forbidden=True)
    if host and not is_own_host(host):
        outside = parts._replace(scheme=scheme or "https").geturl()
        return Target(outside, is_forbidden=_is_within_a_closed_network(host))
    if not host and not parts.path:  # a place on the page itself
        return Target(f"#{parts.fragment}" if parts.fragment else "")
    return _internal(parts.path or "/", locale=locale, base="/" if host else base)


def _is_of_the_web(parts: SplitResult) -> bool:
    is_usual = parts.scheme in ("", "http", "https") and parts.username is None
    return is_usual and bool(parts.hostname or not parts.scheme)


def _as_a_browser_reads_it(address: str) -> str:
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", address)).strip()
    if plain.startswith("\\\\"):
        return f"file:{plain}"  # a file on a server of the office, as Word writes it
    if plain.lower().startswith("www."):
        return f"https://{plain}"
    if _BARE_MAIL_ADDRESS.fullmatch(plain):
        return f"mailto:{plain}"
    return plain.replace("\\", "/").replace(" ", "%20").replace("\xa0", "%20")


def _internal(path: str, *, locale: Locale, base: str) -> Target:
    path = urljoin(base or f"{prefix_of(locale.language_code)}/", unquote(path))
    if page := any_pages_at(as_pages_write_it(path)).first() or _redirected(path):
        return Target(as_pages_write_it(path), page=page)
    for address in (path, as_pages_write_it(path)):
        match = _view_at(address)
        if match is None:
            continue
        if match.url_name == "wagtaildocs_serve":
            document = get_document_model().objects.filter(pk=match.args[0]).first()
            return Target("", document=document)
        if _is_for_links(match):
            return Target(address)
    match = _view_at(as_pages_write_it(path))
    is_of_pages = match is None or match.url_name == "wagtail_serve"
    return Target("", may_come=path if is_of_pages and can_wait(path) else "")


def _redirected(path: str) -> Page | None:
    """The page that an address the editors have redirected leads to."""
    old_paths = [Redirect.normalise_path(each) for each in (path, as_pages_write_it(path))]
    redirect = Redirect.objects.filter(old_path__in=old_paths, redirect_page__isnull=False).first()
    return redirect and redirect.redirect_page


def _view_at(path: str) -> ResolverMatch | None:
    with translation.override(split_address(path)[0]):
        try:
            return resolve(path)
        except Resolver404:
            return None


def _is_for_links(match: ResolverMatch) -> bool:
    """Whether a link to the view makes sense, as to the tip form."""
    if (
        match.namespace not in ("accessibility", "pages", "tips")
        or match.url_name in _NOT_FOR_LINKS
    ):
        return False
    slug = match.kwargs.get("slug")
    return slug is None or Topic.objects.public().filter(slug=slug).exists()


def _is_within_a_closed_network(host: str) -> bool:
    """Whether only the office can reach the host, so that readers gain nothing but its name."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_CLOSED_DOMAINS)
