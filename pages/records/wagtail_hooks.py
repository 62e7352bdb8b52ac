"""What was public, for the registrar: in the CMS, where that is served."""

from django.conf import settings
from wagtail import hooks

if "editorial" in settings.ROLES:
    from .registrar.coming_in import only_records_in_menu, records_in_menu

    hooks.register("register_admin_menu_item", records_in_menu)
    hooks.register("construct_main_menu", only_records_in_menu)
