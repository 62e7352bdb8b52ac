from django.apps import AppConfig


class SapoSiteConfig(AppConfig):
    name = "sapo_site"
