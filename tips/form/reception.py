"""One form while it is received: what can be kept, and what the tipster has to do."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from tips.keeping.intake import Delivery

from . import limits, tokens, upload
from .forms import FORM_FIELDS, TipForm
from .tokens import Token
from .upload import Letter

NAMES = FORM_FIELDS | {"token"}
_FILES = "id_files"


class Limited(Exception):
    """Too many tips come from there, or in all: this one has to wait."""


class Reception(AbstractContextManager["Reception"]):
    """Reads a form and hands it in; at the end it deletes what was not handed in.

    `lets_in` is asked once, when the form has turned out to be one that can be kept.
    """

    def __init__(self, letter: Letter, length: int, lets_in: Callable[[], bool]) -> None:
        self._letter = letter
        self._length = length
        self._lets_in = lets_in
        self._arrived = time.time()
        self._delivery: Delivery | None = None
        letter.is_too_much = length > limits.MAX_BODY_BYTES

    def __exit__(self, *_raised: object) -> None:
        if self._delivery:
            self._delivery.__exit__()

    def read(self, request: HttpRequest) -> None:
        """Reads all of it, up to a limit: a browser shows no answer before it has sent all."""
        seconds = limits.DRAIN_SECONDS if self._letter.is_too_much else limits.READ_SECONDS
        admit = self._admit if self._length <= limits.MAX_DRAINED_BYTES else None
        upload.read_form(request, self._length, self._letter, NAMES, admit, seconds=seconds)

    def faults(self) -> list[tuple[str, str]]:
        """What the tipster has to do before the tip can be kept, and at which control."""
        letter = self._letter
        faults = [
            (self.form[name].auto_id, str(message))
            for name, messages in self.form.errors.items()
            for message in messages
        ]
        faults += [(_FILES, message) for message in self._faults_of_files()]
        if letter.has_long_fields:
            faults.append(("", _("Leave the text in several tips: there was no room for its end.")))
        if letter.is_cut_off:
            faults.append(("", _("Send again: the sending was interrupted.")))
        elif letter.is_damaged or self._has_lost_files:
            faults.append(("", _("Send again: something was lost on the way.")))
        elif self._token is None:
            faults.append(("", _("Send again: the form had been open for too long.")))
        elif self._token.is_too_fresh:
            faults.append(("", _("Wait a few seconds, then send again.")))
        return faults

    def hand_in(self) -> UUID:
        """Keeps the tip, or raises Limited. Only for a form without faults."""
        delivery = self._delivery or self._begin()
        return delivery.hand_in(self.form.tip_fields, translation.get_language() or "")

    @cached_property
    def form(self) -> TipForm:
        """The form as filled in. Ask for it only once all has been read."""
        return TipForm(self._letter.fields)

    @property
    def _token(self) -> Token | None:
        return tokens.read_token(self._letter.fields.get("token", ""), self._arrived)

    @property
    def _has_lost_files(self) -> bool:
        """Whether files came before the fields that decide about them, and were dropped."""
        return self._letter.has_files and self._delivery is None and self._is_fit()

    def _is_fit(self) -> bool:
        token = self._token
        return (
            token is not None
            and not token.is_too_fresh
            and not self._letter.is_too_much
            and TipForm(self._letter.fields).is_valid()
        )

    def _admit(self) -> Delivery | None:
        """Begins to keep files, if the fields before them are valid and there is room."""
        if not self._is_fit():
            return None
        try:
            return self._begin()
        except Limited:
            self._letter.is_limited = True
            return None

    def _begin(self) -> Delivery:
        token = self._token
        if token is None:
            raise ValueError("only a form with a token can be handed in")
        if not self._lets_in():
            raise Limited
        self._delivery = Delivery(token.tip_id, token.octets, room=self._length)
        return self._delivery

    def _faults_of_files(self) -> list[str]:
        letter = self._letter
        faults = [
            _("Choose a smaller file than “%(name)s”: each may be at most %(limit)d MB.")
            % {"name": name, "limit": limits.MAX_FILE_MB}
            for name in letter.too_large
        ]
        if letter.are_too_many:
            faults.append(_("Choose at most %(limit)d files.") % {"limit": limits.MAX_FILES})
        if letter.is_too_much:
            limit = {"limit": limits.MAX_TOTAL_MB}
            faults.append(_("Choose fewer or smaller files: %(limit)d MB in all.") % limit)
        return faults
