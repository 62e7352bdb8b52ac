"""The kinds of news."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NewsKind(TextChoices):
    NEWS = "news", _("News item")
    PRESS_RELEASE = "press_release", _("Press release")
    PRESS_INVITATION = "press_invitation", _("Press invitation")
