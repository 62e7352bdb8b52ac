"""Who has logged in, and (in `accessibility`) statement and messages."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models

# Django looks for models here.
from .accessibility.messages import AccessibilityMessage as AccessibilityMessage
from .accessibility.statement import AccessibilityDeviation as AccessibilityDeviation
from .accessibility.statement import AccessibilityStatementPage as AccessibilityStatementPage


class CmsAttempt(models.Model):
    """A password that was tried at the login of the CMS: name and network as keyed hashes, while it counts."""

    raises_version = False  # visitors never see who tried
    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.at)


class CmsLogin(models.Model):
    """Whose a session of the CMS is, and since when: to be shown and ended without opening any.

    It is gone as soon as its session is.
    """

    raises_version = False  # visitors never see who has logged in
    wagtail_reference_index_ignore = True

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cms_logins"
    )
    began = models.DateTimeField()
    seen = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-seen", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account} {self.began}"
