"""What the search knows. `pages.search` writes and asks it; decision 0025 says why it is ours."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .media import SiteDocument


class TokensField(models.TextField):
    """Blank-separated tokens, as the database's full-text index takes them."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class WordField(models.CharField):
    """A word, ordered by its code points, so that what begins alike lies together in an index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


class SearchEntry(models.Model):
    """A page or a file as the search sees it.

    Every page has one, since editors look for drafts too; a file has one while visitors can find it.
    """

    # Of date and object (`pages.search.places`): to read by key is to read by age.
    place = models.BigIntegerField(primary_key=True)
    page = models.OneToOneField(
        Page, null=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    file = models.OneToOneField(
        SiteDocument, null=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    tokens = TokensField()
    # The tokens among them that say where, and as what kind, visitors find it; none for a draft.
    filters = models.TextField(blank=True)
    # What visitors read, for excerpts and for the words of the site; none for a draft.
    languages = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")

    def __str__(self) -> str:
        return self.title


class PublishedFile(models.Model):
    """That a live page refers to a file."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="published_files")
    file = models.ForeignKey(SiteDocument, on_delete=models.CASCADE, related_name="published_on")

    class Meta:
        verbose_name = _("published file")
        verbose_name_plural = _("published files")
        constraints = [models.UniqueConstraint(fields=["page", "file"], name="unique_file_on_page")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.file_id}"


class SearchWord(models.Model):
    """A word of what is published in a language, and on how many pages it stands."""

    language = models.CharField(max_length=10)
    word = WordField(max_length=40)
    stem = WordField(max_length=40)
    backwards = WordField(max_length=40)  # the stem, so that words that end alike lie together
    plain = WordField(max_length=40)  # the stem without marks above the letters
    pages = models.IntegerField()
    titles = models.IntegerField()  # of them, those that have it in their title

    class Meta:
        verbose_name = _("word of the site")
        verbose_name_plural = _("words of the site")
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="unique_word_in_language")
        ]
        indexes = [
            models.Index(fields=["language", "stem"], name="search_word_stem"),
            models.Index(fields=["language", "backwards"], name="search_word_backwards"),
            models.Index(fields=["language", "plain"], name="search_word_plain"),
        ]

    def __str__(self) -> str:
        return self.word
