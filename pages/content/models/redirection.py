"""Addresses that lead elsewhere: the editors' register, from which Wagtail's redirects are written."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import URLOrAbsolutePathValidator
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.content.tree.addresses import any_pages_at, is_own_host
from pages.ground.json_types import JsonObject

from .register import RegisterEntry


class Redirection(RegisterEntry):
    """An address that leads elsewhere once it is published: then a row of Wagtail's is its output."""

    fixed_kind = "redirection"
    raises_version = False  # visitors meet Wagtail's row, which raises it
    not_for_readers = ("note",)

    old_path = models.CharField(
        _("Former address"),
        max_length=255,
        help_text=_("What stands after the name of the website, such as /old/page.html."),
    )
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("To the page"),
    )
    address = models.CharField(
        _("To the address"),
        max_length=255,
        blank=True,
        help_text=_("Instead of a page: a whole address, or one that begins with a slash."),
    )
    note = models.TextField(_("Note"), blank=True, help_text=_("Readers never see it."))
    redirect = models.OneToOneField(
        Redirect,
        null=True,
        editable=False,
        serialize=False,  # no version of the words has an output of its own
        on_delete=models.SET_NULL,
        related_name="+",
    )

    preview_modes: list[tuple[str, str]] = []
    panels = [
        "old_path",
        MultiFieldPanel([FieldPanel("page"), "address"], heading=_("Leads to")),
        "note",
    ]

    class Meta:
        ordering = ["old_path"]
        verbose_name = _("redirection")
        verbose_name_plural = _("redirections")
        constraints = [
            models.UniqueConstraint(
                fields=["old_path"],
                condition=models.Q(live=True),
                name="one_way_from_an_address",
                violation_error_message=_(
                    "Another redirection leads away from this address already."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.old_path

    @property
    def target(self) -> str:
        """The address to which it leads."""
        return (self.page.url or "" if self.page else self.address) or ""

    def clean(self) -> None:
        super().clean()
        self.old_path = Redirect.normalise_path(self.old_path)

    def refuse_faults(self) -> None:
        """Raises a ValidationError with what keeps the redirection from being published."""
        self.old_path = Redirect.normalise_path(self.old_path)
        if self.address:
            try:
                URLOrAbsolutePathValidator()(self.address)
            except ValidationError as error:
                raise ValidationError({"address": error}) from error
        if bool(self.page) == bool(self.address):
            raise ValidationError(_("Choose a page or write an address, but not both."))
        others = type(self).objects.public().filter(old_path=self.old_path).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError(
                {"old_path": _("Another redirection leads away from this address already.")}
            )
        self.full_clean()
        if _leads_back(self):
            raise ValidationError(_("The redirection leads back to itself. Choose another page."))
        if hidden := page_hidden_by(self):
            raise ValidationError(
                _("The redirection would hide the page “%(title)s”. Take that page away first.")
                % {"title": hidden.title}
            )
        if draft := _draft_behind(self):
            raise ValidationError(
                _(
                    "The redirection leads to “%(title)s”, which visitors cannot read."
                    " Publish that page first, or choose another."
                )
                % {"title": draft.title}
            )

    def with_content_json(self, content: JsonObject) -> "Redirection":
        """Keeps what is of the row and not of a version, so that a later version takes it over."""
        redirection = super().with_content_json(content)
        redirection.redirect = self.redirect
        return redirection

    @transaction.atomic
    def save(self, *args: object, **kwargs: object) -> None:
        # Wagtail notes so that there is a newer draft, which changes nothing that readers meet.
        if kwargs.get("update_fields") is None:
            if self.live:
                self.refuse_faults()
                self._write_output()
            else:
                self._remove_output()
        super().save(*args, **kwargs)

    def _write_output(self) -> None:
        output = self.redirect or Redirect()
        output.old_path = self.old_path
        output.redirect_page, output.redirect_link = self.page, self.address
        output.redirect_page_route_path = ""
        output.save()
        self.redirect = output
        # What Wagtail made when a page was moved from here would stand beside it.
        Redirect.objects.filter(old_path=self.old_path, automatically_created=True).delete()

    def _remove_output(self) -> None:
        if self.redirect is not None:
            output, self.redirect = self.redirect, None
            output.delete()

    @transaction.atomic
    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        self._remove_output()
        return super().delete(using, keep_parents)


def page_hidden_by(redirection: Redirection) -> Page | None:
    """The public page at the address from which the redirection leads away."""
    return _page_at(redirection.old_path, live=True)


def _leads_back(redirection: Redirection) -> bool:
    """Whether visitors would come back to where they began, also through other redirects."""
    others = Redirect.objects.exclude(pk=redirection.redirect_id)
    address, seen = redirection.target, set[str]()
    while (path := _own_path(address)) and path not in seen:
        seen.add(path)
        spellings = {path, urlsplit(path).path}
        if redirection.old_path in spellings:
            return True
        if _page_at(path, live=True):
            return False
        next_one = others.filter(old_path__in=spellings).first()
        address = (next_one and next_one.link) or ""
    return False


def _draft_behind(redirection: Redirection) -> Page | None:
    """The page to which it leads, if visitors cannot read that."""
    page = redirection.page
    return (page if not page.live else None) if page else _page_at(redirection.address, live=False)


def _page_at(address: str, *, live: bool) -> Page | None:
    path = urlsplit(_own_path(address)).path
    return any_pages_at(f"{path.rstrip('/')}/").filter(live=live).first() if path else None


def _own_path(address: str) -> str:
    """An address of this website as Wagtail's redirects spell it; empty for one elsewhere."""
    is_ours = address and is_own_host(urlsplit(address).hostname or "")
    return Redirect.normalise_path(address) if is_ours else ""
