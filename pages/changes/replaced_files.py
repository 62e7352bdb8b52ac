"""Remembers the names of a file that another is about to replace, since they were given out."""

from typing import Any

from pages.library.models import FormerFile, SiteDocument, SiteImage


def remember_names(instance: SiteImage | SiteDocument, raw: bool, **_signal: Any) -> None:
    """Heard before a picture or document is saved: afterwards the names are gone."""
    if raw or instance._state.adding or not instance.file or instance.file._committed:
        return
    stored = type(instance)._base_manager.get(pk=instance.pk)
    names = {stored.file.name: ""}
    if isinstance(stored, SiteImage):
        names |= dict(stored.renditions.values_list("file", "filter_spec"))
    for name, spec in names.items():
        FormerFile.objects.update_or_create(
            name=name,
            defaults={
                "image": stored if isinstance(stored, SiteImage) else None,
                "document": stored if isinstance(stored, SiteDocument) else None,
                "spec": spec,
            },
        )
