"""Keeps tips and the website in databases of their own."""

from django.db.models import Model

DATABASE = "tips"


class TipsRouter:
    """Sends what this app stores to the database `tips`, and nothing else there."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        return DATABASE if model._meta.app_label == "tips" else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool | None:
        labels = {one._meta.app_label, other._meta.app_label}
        return False if "tips" in labels and len(labels) > 1 else None

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return (db == DATABASE) == (app_label == "tips")
