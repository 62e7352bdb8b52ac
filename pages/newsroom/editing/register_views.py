"""What the CMS offers for every register."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.utils.timezone import localtime
from django.utils.translation import gettext
from wagtail import permissions
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin
from wagtail.permission_policies import ModelPermissionPolicy
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


class OnlyPolicy(ModelPermissionPolicy):
    """Lets nobody do more than this through Wagtail's own views, not even a superuser."""

    def __init__(self, model: type[Model], *actions: str) -> None:
        super().__init__(model)
        self.actions = actions

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action in self.actions and super().user_has_permission(user, action)


class RegisterViewSet(SnippetViewSet):
    """A register in which Wagtail's own views do only this."""

    actions: tuple[str, ...]

    @property
    def permission_policy(self) -> OnlyPolicy:
        return OnlyPolicy(self.model, *self.actions)

    def on_register(self) -> None:
        # Wagtail 8 warns at every start unless the policy is registered; 7.4 cannot register it.
        if register := getattr(permissions, "register_permission_policy", None):
            register(self.model, self.permission_policy, exact_class=True)
        super().on_register()


class NewsroomViewSet(RegisterViewSet):
    """A register whose rows are drafts until they are published; none is made by copying another."""

    actions = ("add", "change", "delete", "view", "lock", "unlock")

    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = MomentsInspectView
    history_template_name = "newsdesk/history.html"

    def get_index_view_kwargs(self, **kwargs: object) -> dict[str, object]:
        view_kwargs = super().get_index_view_kwargs(**kwargs)
        return view_kwargs | {"list_display": [*self.list_display, LiveStatusTagColumn()]}
