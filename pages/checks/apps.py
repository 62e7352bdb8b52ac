from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "pages.checks"
