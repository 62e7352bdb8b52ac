"""What the approvals of a page say of a moment at which nobody may have got it."""

from datetime import datetime
from http import HTTPStatus
from urllib.parse import urljoin

from django.db.models import Q
from django.utils import timezone

from pages.content.tree.addresses import any_pages_at
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.models import Publication
from pages.records.kept import Rendering

_DEPTH_OF_SECTIONS = 3


def unchanged_until(rendering: Rendering, moment: datetime) -> datetime | None:
    """Until when the page itself stayed as it was met, now at the latest; None if nobody can say."""
    page = any_pages_at(rendering.address).first()
    has_ended = rendering.holds_until is not None and rendering.holds_until <= moment
    if page is None or has_ended or rendering.status != HTTPStatus.OK:
        return None
    itself = Publication.objects.filter(kind=kind_of(page), key=key_of(page))
    known = itself.filter(at__lte=rendering.since).order_by("-at").first()
    said = known and known.live_digest and known.revision and known.revision.content
    # Another page may have lain here then.
    if not said or urljoin(said["url_path"], f"../{said['slug']}/") != page.url_path:
        return None
    # Where a section came to lie here, so did the pages below it.
    sections = page.get_ancestors().filter(depth__gte=_DEPTH_OF_SECTIONS)
    also = [Q(kind=kind_of(each), key=key_of(each)) for each in (page, *sections)]
    later = Publication.objects.filter(Q(*also, _connector=Q.OR), at__gt=rendering.since)
    change = later.order_by("at").values_list("at", flat=True).first() or timezone.now()
    return change if change > moment else None
