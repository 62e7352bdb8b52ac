"""The texts of the tip page, who has logged in, and (in `accessibility`) statement and messages."""

import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import set_urlconf
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel, PublishingPanel
from wagtail.models import Locale, Revision

from pages.models.settings import OneForEachLanguage
from tips.models import LoginAttempt
from tips.wording.texts import KEYS, TEXT_FIELDS, built_in, built_in_to_edit, faults_in

# Django looks for models here.
from .accessibility.messages import AccessibilityMessage as AccessibilityMessage
from .accessibility.statement import AccessibilityDeviation as AccessibilityDeviation
from .accessibility.statement import AccessibilityStatementPage as AccessibilityStatementPage
from .tip_page_standing import TipPageStandingPanel


def _column(label: Any, max_length: int, is_long: bool) -> models.Field:
    # `faults_in` checks the length of the long texts.
    return models.TextField(label) if is_long else models.CharField(label, max_length=max_length)


class TipTexts(OneForEachLanguage):
    """What explains on the page before the tip form, in one language."""

    raises_version = False  # visitors see them in the tip channel, which reads files

    vars().update(
        {each.key: _column(each.label, each.max_length, each.is_long) for each in TEXT_FIELDS}
    )

    panels = [
        TipPageStandingPanel(),
        MultiFieldPanel(list(KEYS), _("Before you leave a tip")),
        PublishingPanel(),
    ]

    class Meta(OneForEachLanguage.Meta):
        verbose_name = _("texts of the tip page")
        verbose_name_plural = _("texts of the tip page")

    @classmethod
    def begin(cls, locale: Locale) -> "TipTexts":
        """A draft with the release's texts, for an editor to start from."""
        taken = cls.objects.filter(locale=locale).values("translation_key")
        other = cls.objects.exclude(translation_key__in=taken).first()
        key = other.translation_key if other else uuid.uuid4()
        return cls(
            locale=locale, translation_key=key, live=False, **built_in_to_edit(locale.language_code)
        )

    def copy_for_translation(self, locale: Locale, exclude_fields: Any = None) -> "TipTexts":
        """Starts from the release's texts too, since texts in another language are no help."""
        translated = self.begin(locale)
        translated.translation_key = self.translation_key
        return translated

    @property
    def texts(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in KEYS}

    def clean(self) -> None:
        super().clean()
        for key, text in self.texts.items():
            composed = unicodedata.normalize("NFC", text)
            setattr(self, key, "\n".join(composed.splitlines()).strip())

    def refuse_faults(self) -> None:
        """Raises a ValidationError with all faults, each on its text."""
        found: dict[str, list[str]] = {}
        for fault in faults_in(self.texts, self.locale.language_code):
            key = fault.key if fault.key in KEYS else NON_FIELD_ERRORS
            found.setdefault(key, []).append(fault.message)
        if found:
            raise ValidationError(found)

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        """Publishes only texts that pass the check, however publishing was started."""
        revision.as_object().refuse_faults()
        super().publish(revision, user=user, **options)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "tips/start.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        texts = built_in(self.locale.language_code) | self.texts
        return {"request": request, "texts": texts}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        # The process that serves the CMS may lack the addresses of the tip channel.
        set_urlconf("sapo_site.tip_addresses")
        try:
            return super().serve_preview(request, mode_name)
        finally:
            set_urlconf(None)


class CmsAttempt(LoginAttempt):
    """A password that was tried at the login of the CMS."""

    raises_version = False  # visitors never see who tried
    wagtail_reference_index_ignore = True

    class Meta(LoginAttempt.Meta):
        pass

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
