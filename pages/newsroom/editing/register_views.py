"""What the CMS offers for every register."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin
from wagtail.snippets.views.snippets import InspectView, SnippetViewSet

_BOOKKEEPING = {
    field.name
    for mixin in (DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin)
    for field in mixin._meta.fields
    if field.name != "locale"
}


class MomentsInspectView(InspectView):
    """Shows moments as the rest of the CMS does, "Yes" and "No", and no bookkeeping of Wagtail's."""

    def get_fields(self) -> list[str]:
        names = super().get_fields()
        return (
            names if self.fields else [name for name in names if name not in {"id", *_BOOKKEEPING}]
        )

    def get_field_display_value(self, field_name: str, field: object) -> object:
        value = getattr(self.object, field_name)
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, datetime):
            return localtime(value)  # Wagtail 7.4 shows it in UTC
        return super().get_field_display_value(field_name, field)


class NewsroomViewSet(SnippetViewSet):
    """A register whose rows are drafts until they are published; none is made by copying another."""

    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = MomentsInspectView

    def get_index_view_kwargs(self, **kwargs: object) -> dict[str, object]:
        view_kwargs = super().get_index_view_kwargs(**kwargs)
        return view_kwargs | {"list_display": [*self.list_display, LiveStatusTagColumn()]}
