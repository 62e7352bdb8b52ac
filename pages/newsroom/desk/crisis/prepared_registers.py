"""What chief editors keep: prepared messages, whom to call, and whose turn it is to approve."""

from django.forms import BaseModelForm
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.viewsets.model import ModelViewSet

from pages.newsroom.models import CallNumber, Duty, PreparedMessage


class _OfCrisesViewSet(ModelViewSet):
    """No drafts: readers meet none of it before two persons have confirmed a message."""

    add_to_settings_menu = True
    copy_view_enabled = False
    exclude_form_fields: list[str] = []

    def get_form_class(self, for_update: bool = False) -> type[BaseModelForm]:
        form = super().get_form_class(for_update)
        if account := form.base_fields.get("account"):
            account.label_from_instance = get_user_display_name
        return form


class PreparedMessageViewSet(_OfCrisesViewSet):
    model = PreparedMessage
    icon = "doc-full"
    menu_label = _("Prepared messages")
    menu_order = 101
    list_display = [
        "name",
        "heading",
        "level",
        BooleanColumn("is_all_clear", label=_("The danger is over")),
    ]
    ordering = ["position", "name"]


class CallNumberViewSet(_OfCrisesViewSet):
    model = CallNumber
    icon = "user"
    menu_label = _("Numbers to call")
    menu_order = 102
    list_display = [Column("whose", label=_("Whose")), "phone"]


class DutyViewSet(_OfCrisesViewSet):
    model = Duty
    icon = "calendar-check"
    menu_label = _("On call for approving")
    menu_order = 103
    index_results_template_name = "newsdesk/duty_results.html"
    list_display = ["begins", Column("account.get_full_name", label=_("On call"))]
