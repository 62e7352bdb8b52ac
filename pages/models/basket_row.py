"""The waste basket for drafts that were thrown away."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


class Basket(models.Model):
    """A draft that was thrown away, and where it is put back if somebody wants it again."""

    raises_version = False  # visitors never met it
    wagtail_reference_index_ignore = True

    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=40)
    title = models.CharField(_("Title"), max_length=255)
    parent_key = models.PositiveIntegerField(null=True)
    parent_title = models.CharField(_("Under"), max_length=255, blank=True)
    former_slug = models.CharField(max_length=255, blank=True)
    # The translation keys that it and the drafts below it had, which others may need meanwhile.
    former_translations = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(_("Thrown away by"), max_length=255)
    at = models.DateTimeField(_("When"), default=timezone.now)
    gone_on = models.DateField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("draft in the waste basket")
        verbose_name_plural = _("drafts in the waste basket")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="once_in_the_basket"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.kind)

    @property
    def type_label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def days_left(self) -> int:
        return max((self.gone_on - localdate()).days, 0)
