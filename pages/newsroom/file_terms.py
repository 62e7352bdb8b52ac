"""How long a picture or file may be shown: rights and consent, and their last days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from pages.library.models import Consent, Rights, SiteDocument, SiteImage

SOON = timedelta(days=30)


@dataclass(frozen=True)
class FileTerm:
    """One thing that is known of rights or consent, in words."""

    words: str
    is_over: bool = False
    ends_soon: bool = False


def terms_over(files: Any) -> Any:
    """Those of the files whose rights or consent have ended."""
    return files.filter(_last_day(files.model, lt=localdate()))


def terms_ending(files: Any) -> Any:
    """Those whose rights or consent end within thirty days, and have not ended."""
    today = localdate()
    ending = _last_day(files.model, range=(today, today + SOON))
    return files.filter(ending).exclude(_last_day(files.model, lt=today))


def _last_day(model: type[Any], **lookup: Any) -> Q:
    ((name, value),) = lookup.items()
    found = Q(**{f"rights_until__{name}": value})
    if issubclass(model, SiteImage):
        found |= Q(**{f"consent_until__{name}": value})
    return found


def terms_of(file: SiteImage | SiteDocument) -> Iterator[FileTerm]:
    """What is known of its rights, and whether those whom it shows have agreed."""
    today = localdate()
    if file.rights_until:
        yield _until(
            file.rights_until,
            today,
            gettext("rights until %(day)s"),
            gettext("the rights end on %(day)s"),
            gettext("the rights ended on %(day)s"),
        )
    elif file.rights:
        yield FileTerm(gettext("rights: %(whose)s") % {"whose": _in_sentence(Rights(file.rights))})
    if isinstance(file, SiteImage) and file.shows_people == SiteImage.ShowsPeople.YES:
        yield _consent(file, today)


def _consent(image: SiteImage, today: date) -> FileTerm:
    if image.consent == Consent.NOT_NEEDED:
        return FileTerm(gettext("consent is not needed"))
    if not image.consent_until:
        return FileTerm(gettext("consent is given"))
    return _until(
        image.consent_until,
        today,
        gettext("consent until %(day)s"),
        gettext("the consent ends on %(day)s"),
        gettext("the consent ended on %(day)s"),
    )


def _until(day: date, today: date, lasts: str, ends_soon: str, is_over: str) -> FileTerm:
    said = {"day": date_format(day, "j b Y")}
    if day < today:
        return FileTerm(is_over % said, is_over=True)
    if day <= today + SOON:
        return FileTerm(ends_soon % said, ends_soon=True)
    return FileTerm(lasts % said)


def _in_sentence(rights: Rights) -> str:
    label = str(rights.label)
    return label[:1].lower() + label[1:]
