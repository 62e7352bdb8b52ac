"""Who answers messages on accessibility, and the mail that tells them that one has come."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from pages.newsroom.mails import mail_when_committed

ANSWERS = "sapo_site.change_accessibilitymessage"


def tell_of_messages(count: int) -> None:
    """Mails those who answer that something has come; never a word of what was written."""
    answering = get_user_model()._default_manager.with_perm(
        ANSWERS, backend="django.contrib.auth.backends.ModelBackend", include_superusers=False
    )
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(count)d message on accessibility has come",
            "%(count)d messages on accessibility have come",
            count,
        )
        words = gettext("Read and answer in the editing tool: %(address)s") % {
            "address": urljoin(
                settings.WAGTAILADMIN_BASE_URL, reverse("accessibilitymessage:index")
            )
        }
    addresses = answering.values_list("email", flat=True)
    mail_when_committed(subject % {"count": count}, words, addresses)
