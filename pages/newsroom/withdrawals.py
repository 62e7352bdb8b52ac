"""Withdraws pages from the website, for one of three reasons; nothing is deleted."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, ReferenceIndex
from wagtail.query import PageQuerySet

from pages.content.models import Withdrawal, WithdrawalReason
from pages.content.tree.addresses import address_of, is_start
from pages.ground.models import ContentVersion

# Sent with the `addresses` of pages that nobody may meet a trace of, in the transaction.
withdrawn_by_mistake = Signal()


@dataclass(frozen=True)
class WithdrawalReach:
    """What else a withdrawal means for readers."""

    below: PageQuerySet  # the public pages that go with it
    linking: PageQuerySet  # the public pages that stay, and link to one that goes
    elsewhere: dict[str, str]  # its addresses in other languages, which stay


def describe(page: Page) -> WithdrawalReach:
    """Says what goes along with the page, and who links to what goes."""
    going = pages_that_go(page)
    pages = ContentType.objects.get_for_model(Page)
    keys = ReferenceIndex.objects.filter(
        to_content_type=pages,
        to_object_id__in=[str(key) for key in going.values_list("pk", flat=True)],
        base_content_type=pages,
    ).values_list("object_id", flat=True)
    return WithdrawalReach(
        below=going.exclude(pk=page.pk),
        linking=Page.objects.live().filter(pk__in=set(map(int, keys))).exclude(pk__in=going),
        elsewhere={
            other.locale.language_code: address
            for other in page.get_translations().live().select_related("locale")
            if (address := address_of(other.url_path))
        },
    )


def pages_that_go(page: Page) -> PageQuerySet:
    """The page and every public page below it, in the order in which they are withdrawn."""
    return Page.objects.descendant_of(page, inclusive=True).live().order_by("path")


def refuse_withdrawal(page: Page, reason: str, replaced_by: Page | None) -> None:
    """Raises ValidationError with words for the editor if the page cannot be withdrawn so."""
    if not page.live:
        raise ValidationError(_("The page is not published."))
    if is_start(page):
        raise ValidationError(_("A start page cannot be withdrawn."))
    if reason not in WithdrawalReason:
        raise ValidationError(_("Choose why the page is to be withdrawn."))
    if reason != WithdrawalReason.REPLACED:
        return
    if replaced_by is None:
        raise ValidationError({"replaced_by": _("Choose the page that has replaced it.")})
    if replaced_by.pk == page.pk or replaced_by.is_descendant_of(page):
        raise ValidationError(
            {"replaced_by": _("A page that goes along cannot replace it. Choose another one.")}
        )
    if not replaced_by.live or not address_of(replaced_by.url_path):
        raise ValidationError(
            {"replaced_by": _("Readers cannot read that page. Choose one that is published.")}
        )


def withdraw_page(
    page: Page,
    reason: str,
    replaced_by: Page | None = None,
    user: AbstractBaseUser | None = None,
) -> list[Withdrawal]:
    """Takes the page and all public pages below it from the readers, all or none of them.

    Whoever calls this has seen to it that it may be done. Raises ValidationError if it cannot be.
    """
    with transaction.atomic():
        ContentVersion.hold()
        # As readers meet them now: what was given may be a draft, or have changed meanwhile.
        page = Page.objects.get(pk=page.pk)
        if reason != WithdrawalReason.REPLACED:
            replaced_by = None
        elif replaced_by is not None:
            replaced_by = Page.objects.get(pk=replaced_by.pk)
        refuse_withdrawal(page, reason, replaced_by)
        going = list(pages_that_go(page).specific())
        for each in going:
            # One by one, each with its own line in the log: Wagtail asks for each page below
            # whether the user may unpublish it, and nobody may. Each is remembered at its signal.
            UnpublishPageAction(each, user=user).execute(skip_permission_checks=True)
        rows = Withdrawal.objects.in_force().filter(page__in=[each.pk for each in going])
        changes: dict[str, object] = {
            "reason": reason,
            "replaced_by": replaced_by,
            "withdrawn_by": user,
        }
        if reason == WithdrawalReason.MISTAKE:
            changes |= {"title": "", "withdrawn_on": None}
        rows.update(**changes)
        done = list(rows.order_by("pk"))
        if reason == WithdrawalReason.MISTAKE:
            addresses = frozenset(row.address for row in done)
            withdrawn_by_mistake.send(Withdrawal, addresses=addresses)
        return done


def remember_departure(page: Page, *, reason: str = "") -> None:
    """Notes the address that a page leaves; of another that left it before, nothing is told now."""
    address = address_of(page.url_path)
    if address is None:
        return
    now = timezone.now()
    Withdrawal.objects.in_force().filter(address=address).update(back_at=now)
    Withdrawal.objects.create(
        address=address,
        title=page.title,
        reason=reason,
        page=page,
        withdrawn_at=now,
        withdrawn_on=timezone.localdate(now),
    )


def end_withdrawals(page: Page) -> None:
    """Ends what is said of a page that is public again, here or where it was."""
    own = Q(page=page.pk)
    if address := address_of(page.url_path):
        own |= Q(address=address)
    Withdrawal.objects.in_force().filter(own).update(back_at=timezone.now())
