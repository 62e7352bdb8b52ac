"""What readers are told at the address of a page that was withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from wagtail.models import Page

from pages.content.models import Withdrawal, WithdrawalReason
from pages.content.models.withdrawal import WithdrawalQuerySet
from pages.content.tree.addresses import address_of

from .missing import withdrawals_at, withdrawals_since


@dataclass(frozen=True)
class Told:
    """The public address that replaced it; else what was there, which may be nothing."""

    leads_to: str = ""
    title: str = ""
    withdrawn_on: date | None = None
    is_outdated: bool = False


def told_to(request: HttpRequest) -> Told:
    """What to tell at the address of a request; of a page that another replaced, as of that one.

    It leads to public pages only, and so never in a circle.
    """
    return _told_of(_first(withdrawals_at(request)) or _first(withdrawals_since(request)))


def replacement_at(path: str) -> str:
    """The public address of what replaced a page that was withdrawn from there; empty if nothing did."""
    return _told_of(_first(Withdrawal.objects.in_force().filter(address=path))).leads_to


def _told_of(first: Any) -> Told:
    row, seen = first, set()
    while row and row.reason == WithdrawalReason.REPLACED and row.pk not in seen:
        if row.url_path and (leads_to := address_of(row.url_path)):
            return Told(leads_to=leads_to)
        seen.add(row.pk)
        key = row.replaced_by_id  # gone, if the page is
        row = _first(Withdrawal.objects.in_force().filter(page=key)) if key else None
    row = first if row is None or row.pk in seen else row
    if row is None:
        return Told()
    return Told("", row.title, row.withdrawn_on, row.reason == WithdrawalReason.OUTDATED)


def _first(rows: WithdrawalQuerySet) -> Any:
    """The first one, with the `url_path` of the public page that replaced it.

    Names the columns: visitors' service may read no others (deploy/database_roles.sql).
    """
    public = Page.objects.filter(pk=OuterRef("replaced_by_id"), live=True)
    return (
        rows.only("title", "withdrawn_on", "reason", "replaced_by_id")
        .annotate(url_path=Subquery(public.values("url_path")))
        .first()
    )
