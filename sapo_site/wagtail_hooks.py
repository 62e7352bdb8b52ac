"""What this app adds to the CMS: the texts of the tip form, and how many tips came each day."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import set_query_params
from wagtail.models import Locale
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    PreviewOnCreateView,
    SnippetViewSet,
    WorkflowActionView,
)

from tips.wording.texts import KEYS, TEXT_FIELDS

from .models import TipTexts
from .tip_texts import languages_behind
from .tips_per_day import last_days

# Texts


def _say_what_has_not_arrived(request: HttpRequest) -> None:
    for language in languages_behind():
        messages.error(
            request,
            gettext(
                "The tip form does not show the texts that are published in this language: "
                "%(language)s. Tell those who run the website."
            )
            % {"language": language},
        )


class TipTextsIndexView(IndexView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.results_only:
            _say_what_has_not_arrived(request)
        return super().get(request, *args, **kwargs)


class TipTextsCreateView(CreateView):
    """Starts from the built-in texts in the chosen language."""

    def get_initial_form_instance(self) -> TipTexts:
        return TipTexts.begin(self.locale)

    def get_preview_url(self) -> str:
        return set_query_params(super().get_preview_url(), {"locale": self.locale.language_code})


class TipTextsPreviewOnCreateView(PreviewOnCreateView):
    def get_object(self) -> TipTexts:
        code = self.request.GET.get("locale")
        locale = get_object_or_404(Locale, language_code=code) if code else Locale.get_default()
        return TipTexts.begin(locale)


class TipTextsEditView(EditView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _say_what_has_not_arrived(request)
        return super().get(request, *args, **kwargs)

    def save_instance(self) -> TipTexts:
        """Approves unchanged texts without saving a new version of them.

        Wagtail would save one, which would then have to be approved itself.
        """
        if self.action == "workflow-action" and self._is_as_submitted():
            self.has_content_changes = False
            self.new_revision = None
            return self.object
        return super().save_instance()

    def _is_as_submitted(self) -> bool:
        submitted = self.object.latest_revision.as_object()
        return all(
            getattr(self.object, name) == getattr(submitted, name)
            for name in (*KEYS, "go_live_at", "expire_at")
        )


class TipTextsWorkflowActionView(WorkflowActionView):
    """Approval without the form: it says what the check refuses, and then approves nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            labels = {field.key: f"{field.label}: " for field in TEXT_FIELDS}
            for key, faults in error.message_dict.items():
                for fault in faults:
                    messages.error(request, labels.get(key, "") + fault)
        edit = reverse(self.redirect_url_name, args=[quote(self.object.pk)])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": edit})
        return redirect(edit)


@register_snippet
class TipTextsViewSet(SnippetViewSet):
    model = TipTexts
    icon = "form"
    menu_label = _("Texts of the tip form")
    menu_order = 125
    add_to_settings_menu = True
    list_display = ["__str__", "last_published_at"]
    copy_view_enabled = False
    index_view_class = TipTextsIndexView
    add_view_class = TipTextsCreateView
    edit_view_class = TipTextsEditView
    preview_on_add_view_class = TipTextsPreviewOnCreateView
    workflow_action_view_class = TipTextsWorkflowActionView


# Tips per day


class TipsPerDayPanel(Component):
    """The number of tips on each day, which is all that the CMS knows of them."""

    name = "tips_per_day"
    template_name = "sapo_site/tips_per_day.html"
    order = 400

    class Media:
        css = {"all": ["css/tips_per_day.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"days": last_days()}


@hooks.register("construct_homepage_panels")
def show_tips_per_day(request: HttpRequest, panels: list[Component]) -> None:
    """Shows those who edit the form's texts how many tips came, and if texts have not arrived."""
    if request.user.has_perm("sapo_site.change_tiptexts"):
        panels.append(TipsPerDayPanel())
        _say_what_has_not_arrived(request)
