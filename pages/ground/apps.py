from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "pages.ground"
