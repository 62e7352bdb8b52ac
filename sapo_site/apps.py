from django.apps import AppConfig


class SapoSiteConfig(AppConfig):
    name = "sapo_site"

    def ready(self) -> None:
        from . import tip_texts

        tip_texts.connect()
