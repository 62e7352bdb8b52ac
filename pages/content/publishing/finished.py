"""What must be right before a page or a row of a register is published, and may be wrong in a draft."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.fields import StreamField


class UnfinishedPageError(ValidationError):
    """Says which fields keep a page, or a row of a register, from being published."""

    def __init__(self, page: Model, faults: list[str]) -> None:
        self.page = page
        text = gettext("“%(title)s” was not published. Mend this first: %(faults)s.")
        super().__init__(text % {"title": str(page), "faults": ", ".join(faults)})


def refuse_unfinished(page: Model, *, is_sent: bool = False) -> None:
    """Raises UnfinishedPageError if its form would refuse to publish it, or, now that it `is_sent`, to send it."""
    own = ["refuse_faults", *(["refuse_untold_change"] if is_sent else [])]
    faults = [fault for name in own for fault in _own_faults(page, name)]
    faults = list(dict.fromkeys([*faults, *_faults(page)]))
    if faults:
        raise UnfinishedPageError(page, faults)


def _own_faults(page: Model, refusing: str) -> list[str]:
    """What the model itself refuses, by this method of its."""
    try:
        getattr(page, refusing, lambda: None)()
    except ValidationError as error:
        return [sentence.rstrip(".") for sentence in error.messages]
    return []


def _faults(page: Model) -> Iterator[str]:
    """The names of the fields with faults, and what is wrong with the page as a whole."""
    wrong: set[str] = set()
    try:
        page.full_clean()
    except ValidationError as error:
        wrong = set(error.error_dict)
        if NON_FIELD_ERRORS in wrong:
            yield from error.message_dict[NON_FIELD_ERRORS]
    for field in page._meta.get_fields():
        if not isinstance(field, Field):
            continue
        if field.name in wrong or (isinstance(field, StreamField) and _is_wrong(field, page)):
            yield str(capfirst(field.verbose_name))


def _is_wrong(field: StreamField, page: Model) -> bool:
    try:
        field.stream_block.clean(getattr(page, field.name))
    except ValidationError:
        return True
    return False
