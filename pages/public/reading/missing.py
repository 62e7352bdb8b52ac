"""What is known of an address without a page, in one query that also brings the version."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.content.models import Withdrawal
from pages.content.models.withdrawal import WithdrawalQuerySet
from pages.content.tree.addresses import root_of, split_address
from pages.ground.models import ContentVersion
from pages.ground.version import memory


@dataclass(frozen=True)
class Known:
    """What became of an address: a redirect, a withdrawal, or a page in another language."""

    is_redirected: bool = False
    is_withdrawn: bool = False
    is_in_language: str = ""  # the other language that has such a page


def known_of(request: HttpRequest) -> Known:
    """What is known of the address of a request; one query for each request."""
    return memory.once(request, "missing", lambda: _ask(request))


def _ask(request: HttpRequest) -> Known:
    if "\0" in request.path_info:  # PostgreSQL refuses it, even in a query
        return Known()
    others = [code for code, _name in settings.LANGUAGES if code != _language_of(request)]
    row = (
        ContentVersion.objects.filter(pk=1)
        .annotate(
            is_redirected=Exists(
                _redirects(request).filter(
                    Q(redirect_page=None) | Q(redirect_page__live=True)  # never to a draft
                )
            ),
            is_withdrawn=Exists(withdrawals_at(request)),
            is_withdrawn_since=Exists(withdrawals_since(request)),
            **{f"is_in_{code}": Exists(_pages_at(request, code)) for code in others},
        )
        .first()
    )
    if row is None:
        return Known()
    memory.note_version(memory.Version(row.value, row.stamps))
    found = (code for code in others if getattr(row, f"is_in_{code}"))
    is_withdrawn = row.is_withdrawn or row.is_withdrawn_since
    return Known(row.is_redirected, is_withdrawn, next(found, ""))


def withdrawals_at(request: HttpRequest) -> WithdrawalQuerySet:
    """The withdrawal of the page that lay at the address of a request."""
    address = f"{request.path_info.rstrip('/')}/"
    return Withdrawal.objects.in_force().filter(address=address)


def withdrawals_since(request: HttpRequest) -> WithdrawalQuerySet:
    """That of a page that had moved away from there before it was withdrawn."""
    moved = _redirects(request).values("redirect_page")
    return Withdrawal.objects.in_force().filter(page__in=moved)


def _redirects(request: HttpRequest) -> QuerySet[Redirect]:
    return Redirect.objects.filter(old_path__in=_old_paths(request))


def _old_paths(request: HttpRequest) -> set[str]:
    """The spellings under which Wagtail looks for a redirect."""
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    ways = {path, urlsplit(path).path}
    return {decoded for way in ways for decoded in (way, uri_to_iri(way)) if "\0" not in decoded}


def _pages_at(request: HttpRequest, language: str) -> QuerySet[Page]:
    root, path = root_of(language), split_address(request.path_info)[1]
    if root is None or not path.endswith("/"):
        return Page.objects.none()
    slug = path.rstrip("/").rpartition("/")[2]
    return Page.objects.filter(slug=slug, url_path=root.root_path + path, live=True)


def _language_of(request: HttpRequest) -> str:
    return split_address(request.path_info)[0]
