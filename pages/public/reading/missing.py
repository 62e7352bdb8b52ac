"""What is known of an address without a page, in one query that also brings the version."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect

from pages.content.models import Withdrawal
from pages.content.models.withdrawal import WithdrawalQuerySet
from pages.ground.models import ContentVersion
from pages.ground.version import memory


@dataclass(frozen=True)
class Known:
    """What became of an address: a redirect or a withdrawal."""

    is_redirected: bool = False
    is_withdrawn: bool = False


def known_of(request: HttpRequest) -> Known:
    """What is known of the address of a request; one query for each request."""
    return memory.once(request, "missing", lambda: _ask(request))


def _ask(request: HttpRequest) -> Known:
    if "\0" in request.path_info:  # PostgreSQL refuses it, even in a query
        return Known()
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
        )
        .first()
    )
    if row is None:
        return Known()
    memory.note_version(memory.Version(row.value, row.stamps))
    return Known(row.is_redirected, row.is_withdrawn or row.is_withdrawn_since)


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
