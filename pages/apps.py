from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from .changes.connecting import connect_changes
        from .newsroom.account_changes import connect_account_changes

        connect_changes()
        connect_account_changes()
