"""The register of words at which the check before publishing stops."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from pages.checks.models import Phrase
from pages.newsroom.account_mails import PhraseChange, mail_phrase_change


class AddPhraseView(CreateView):
    def save_instance(self) -> object:
        phrase = super().save_instance()
        mail_phrase_change(self.request.user, PhraseChange.ADDED, phrase)
        return phrase


class EditPhraseView(EditView):
    def save_instance(self) -> object:
        phrase = super().save_instance()
        if self.form.has_changed():
            mail_phrase_change(self.request.user, PhraseChange.CHANGED, phrase)
        return phrase


class DeletePhraseView(DeleteView):
    def delete_action(self) -> None:
        mail_phrase_change(self.request.user, PhraseChange.REMOVED, self.object)
        super().delete_action()


class PhraseViewSet(ModelViewSet):
    """No drafts, since readers never meet a phrase: what one chief editor changes, all are told of."""

    model = Phrase
    icon = "warning"
    menu_label = _("Phrases to stop at")
    menu_order = 135
    add_to_settings_menu = True
    add_view_class = AddPhraseView
    edit_view_class = EditPhraseView
    delete_view_class = DeletePhraseView
    copy_view_enabled = False
    exclude_form_fields: list[str] = []
    list_display = ["text", "kind", BooleanColumn("is_pattern", label=_("Pattern")), "note"]
    list_filter = ["kind", "is_pattern"]
    search_fields = ["text", "note"]
    ordering = ["kind", "text"]
