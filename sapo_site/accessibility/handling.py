"""Messages and the statement in the CMS: who answers, what is late, and what is to be looked over."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.models import register_snippet

from pages.newsroom.desk.start import Listed, StartDesk, StartRow, add_list
from pages.newsroom.desk.telling import full_name_of
from pages.newsroom.editing.register_views import NewsroomViewSet, OnlyPolicy

from .message_mail import ANSWERS
from .messages import AccessibilityMessage
from .statement import REVIEWED_EACH, AccessibilityDeviation, AccessibilityStatementPage

_KEEPS = "sapo_site.change_accessibilitydeviation"


# Messages


class AccessibilityMessageViewSet(ModelViewSet):
    model = AccessibilityMessage
    icon = "mail"
    menu_label = _("Readers’ messages")
    menu_order = 305
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("get_about_display", label=_("What it is about")),
        # Days, and not how long ago: one of them lies ahead.
        Column("arrived_on", label=_("Arrived")),
        Column("answer_by", label=_("Answer by")),
        Column("given_to", label=_("Given to")),
        StatusTagColumn("standing", label=_("State")),
    ]
    list_filter = ["outcome", "given_to", "about"]

    @property
    def permission_policy(self) -> OnlyPolicy:
        # Those who answer: nobody writes a message here, or deletes one by hand.
        return OnlyPolicy(self.model, "view", "change")


# The statement


@register_snippet
class AccessibilityDeviationViewSet(NewsroomViewSet):
    model = AccessibilityDeviation
    icon = "tasks"
    menu_label = _("Deviations")
    menu_order = 346
    add_to_admin_menu = True
    list_display = ["what", "clause", "since", "mended_by", "mended_on", "locale"]


# The start page of the CMS


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _waiting(desk: StartDesk) -> Iterator[StartRow]:
    """What is late first, for those who answer; and what of the statement is no longer true."""
    if desk.user.has_perm(ANSWERS):
        waiting = AccessibilityMessage.objects.filter(outcome="").select_related("given_to")
        for message in waiting.order_by("answer_by", "pk"):
            late = gettext("LATE: was to be answered by %(day)s")
            words = (late if message.is_overdue else gettext("to be answered by %(day)s")) % {
                "day": _day(message.answer_by)
            }
            if message.given_to:
                words += ", " + gettext("given to %(name)s") % {
                    "name": full_name_of(message.given_to)
                }
            address = reverse("accessibilitymessage:edit", args=[message.pk])
            yield StartRow(str(message), words, address, _("Open"))
    if desk.user.has_perm(_KEEPS):
        yield from _to_look_over()


def _to_look_over() -> Iterator[StartRow]:
    today = localdate()
    pages = AccessibilityStatementPage.objects.live()
    for page in pages.filter(assessed_on__lte=today - REVIEWED_EACH).order_by("assessed_on"):
        words = gettext("the website was assessed on %(day)s: do it anew, at least once a year")
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        yield StartRow(page.title, words % {"day": _day(page.assessed_on)}, address, _("Edit"))
    deviations = AccessibilityDeviation.objects.public()
    for each in deviations.filter(mended_on=None, mended_by__lt=today).order_by("mended_by"):
        words = gettext("was to be mended by %(day)s: mend it, or say a new day")
        address = AdminURLFinder().get_edit_url(each) or ""
        yield StartRow(each.what, words % {"day": _day(each.mended_by)}, address, _("Edit"))


def list_on_start_page() -> None:
    add_list(Listed("accessibility", _("Accessibility"), _waiting, is_waiting=True))
