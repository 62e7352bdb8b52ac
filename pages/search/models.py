"""The tables of the search, which `pages.search` writes and reads. Decision 0025 says why."""

from textwrap import shorten

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.models import Locale, Page

from pages.content.models.register import RegisterEntry
from pages.content.references.shelves import listed_page_with
from pages.content.tree.listed import ListedPage
from pages.library.models.media import SiteDocument


class TokensField(models.TextField):
    """Tokens with blanks between them, in the column type of the full-text index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class WordField(models.CharField):
    """A word sorted by code points, so that an index finds words with the same beginning."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


class Findable(models.Model):
    """Something that can be found, and the words that it is found by."""

    raises_version = False  # its page or file does

    # Made of the date and the object (`pages.search.places`), so that keys sort by age.
    place = models.BigIntegerField(primary_key=True)
    tokens = TokensField()

    class Meta:
        abstract = True


class SearchEntry(Findable):
    """A live page, or a file that one refers to, as visitors find it. They may read every row."""

    page = models.OneToOneField(
        Page, null=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    file = models.OneToOneField(
        SiteDocument, null=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    # The tokens that say in which language, kind and topics visitors find it.
    filters = models.TextField()
    # The text that visitors read, for excerpts and for the words of the site.
    languages = models.CharField(max_length=20)
    title = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        constraints = [
            # Former code wrote drafts here, without filters.
            models.CheckConstraint(condition=~models.Q(filters=""), name="search_entry_is_public")
        ]

    def __str__(self) -> str:
        return self.title


class EditorsEntry(Findable):
    """A page as editors find it in the CMS, by the newest words, be they a draft. Visitors may not
    read this table."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("entry of the editors' search")
        verbose_name_plural = _("entries of the editors' search")

    def __str__(self) -> str:
        return str(self.page_id)


class PublishedFile(models.Model):
    """A file that a live page refers to."""

    raises_version = False  # its page does

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="published_files")
    file = models.ForeignKey(SiteDocument, on_delete=models.CASCADE, related_name="published_on")

    class Meta:
        verbose_name = _("published file")
        verbose_name_plural = _("published files")
        constraints = [models.UniqueConstraint(fields=["page", "file"], name="unique_file_on_page")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.file_id}"


class SearchWord(models.Model):
    """A word of the published content in a language, and the number of pages with it."""

    raises_version = False  # the page with the word does

    language = models.CharField(max_length=10)
    word = WordField(max_length=40)
    stem = WordField(max_length=40)
    backwards = WordField(max_length=40)  # the stem; an index finds words that end alike
    plain = WordField(max_length=40)  # the stem without marks above the letters
    pages = models.IntegerField()
    titles = models.IntegerField()  # those of the pages with the word in their title

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


def names_in(text: str) -> list[str]:
    """The names in a text that an editor has written with commas between them."""
    names = (" ".join(name.split()) for name in text.split(","))
    return list(dict.fromkeys(name for name in names if any(map(str.isalnum, name))))


class Synonym(RegisterEntry):
    """Names of one thing: a search for one of them finds the others too."""

    fixed_kind = "synonym"
    locale = models.ForeignKey(
        Locale, on_delete=models.CASCADE, related_name="+", verbose_name=_("Language")
    )
    names = models.CharField(
        _("Words that mean the same"),
        max_length=400,
        help_text=_("With commas between them, for example: Säpo, Säkerhetspolisen."),
    )

    preview_template = "content/names_preview.html"
    panels = ["locale", "names", PublishingPanel()]

    class Meta:
        ordering = ["names"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.names

    def clean(self) -> None:
        super().clean()
        self.names = ", ".join(names_in(self.names))

    def refuse_faults(self) -> None:
        """Raises a ValidationError unless there are two names."""
        if len(names_in(self.names)) < 2:
            raise ValidationError({"names": _("Write at least two words, with a comma between.")})


class Recommendation(RegisterEntry):
    """A page that comes first when somebody looks for these words."""

    fixed_kind = "recommendation"
    names = models.TextField(
        _("When somebody searches for"),
        max_length=2_000,
        help_text=_("Several are written with commas between them, for example: cookies, kakor."),
    )
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("Show this page first")
    )

    preview_template = "content/names_preview.html"
    panels = ["names", FieldPanel("page"), PublishingPanel()]

    class Meta:
        ordering = ["names"]
        verbose_name = _("recommended page")
        verbose_name_plural = _("recommended pages")

    def __str__(self) -> str:
        return shorten(self.names, 100, placeholder=" …")

    def clean(self) -> None:
        super().clean()
        self.names = ", ".join(names_in(self.names))

    def refuse_faults(self) -> None:
        """Raises a ValidationError unless there is a word."""
        if not names_in(self.names):
            raise ValidationError({"names": _("Write at least one word.")})

    @property
    def linked_page(self) -> ListedPage | None:
        return listed_page_with(self.page_id) if self.page_id else None
