from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CooperationConfig(AppConfig):
    name = "cooperation"
    verbose_name = _("Cooperation")

    def ready(self) -> None:
        from pages import abbreviations

        from . import signals
        from .models import Partner

        abbreviations.register(Partner.abbreviations, kind="partner")
        signals.connect()
