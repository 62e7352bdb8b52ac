"""The kinds that a reader can narrow the search to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SearchKind(TextChoices):
    """The values stand in addresses."""

    ARTICLES = "artiklar", _("Articles and other pages")
    NEWS = "nyheter", _("News items")
    FILES = "filer", _("Files")
