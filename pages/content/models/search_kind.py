"""What a page is among what the search finds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchKind(models.TextChoices):
    """What the reader can narrow the search to. The values stand in addresses."""

    ARTICLES = "artiklar", _("Articles and other pages")
    NEWS = "nyheter", _("News items")
    FILES = "filer", _("Files")
    TWINS = "sprak", _("Easy Swedish and other languages")
