from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from wagtail.users import apps as wagtail_users

from .cms import privacy

# What the database shows no service for visitors (deploy/database_roles.sql).
_CLOSED_COLUMNS = {
    "wagtailcore.Page": "draft_title",
    "wagtailcore.CollectionViewRestriction": "password",
}


class SapoSiteConfig(AppConfig):
    name = "sapo_site"
    default = True

    def ready(self) -> None:
        from .receivers import connect_receivers

        connect_receivers()
        checks.register(privacy.name_what_is_not_private, checks.Tags.database)
        if settings.WITH_ACCOUNTS:
            _keep_out_of_the_reference_index(settings.SECOND_FACTOR_APPS)
        if "editorial" not in settings.ROLES:
            for model, column in _CLOSED_COLUMNS.items():
                field: Any = apps.get_model(model)._meta.get_field(column)
                field.select_format = _empty


class UsersConfig(wagtail_users.WagtailUsersAppConfig):
    """Wagtail's accounts, with a form that asks why an account is closed."""

    default = False
    user_viewset = "sapo_site.accounts.account_screens.AccountViewSet"


def _keep_out_of_the_reference_index(names: list[str]) -> None:
    """What a person logs in with is no content: nobody asks where it is used."""
    for name in names:
        for model in apps.get_app_config(name.rpartition(".")[2]).get_models():
            model.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]


def _empty(_compiler: object, _sql: str, _params: Any) -> tuple[str, tuple[()]]:
    """Asks for an empty text in place of the column: Django would else ask for all of them."""
    return "''", ()
