"""What an editor can do with an object now: one act that stands out, at most two beside it, links."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.locks import BasicLock
from wagtail.models import LockableMixin

from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.models import Approval, Submission
from pages.newsroom.stopping import waiting_for_their_time
from pages.newsroom.submissions import may_take_back, open_submission_of

from .ways import form_of, way_to_delete, way_to_object


@dataclass(frozen=True)
class Offer:
    """A link, or a button of the form in which the object is edited."""

    label: str
    href: str = ""
    name: str = ""
    value: str = ""
    formaction: str = ""  # where the form is sent instead, without being saved
    form: str = ""
    is_save: bool = False


def send_offer(form: str = "") -> Offer:
    """Saves and moves on to the page from which it is sent."""
    return Offer(gettext("Look through and send"), name="forward", value="send", form=form)


def save_offer() -> Offer:
    return Offer(gettext("Save draft"), is_save=True)


class Desk:
    """An object as it lies before a user."""

    def __init__(self, obj: Any, user: User) -> None:
        self.obj, self.user = obj, user
        self.form = form_of(obj) if obj.pk else ""

    @cached_property
    def submission(self) -> Submission | None:
        return open_submission_of(self.obj) if self.obj.pk else None

    @cached_property
    def scheduled(self) -> Approval | None:
        """The approval by which the object goes public at its time."""
        waiting = waiting_for_their_time().filter(kind=kind_of(self.obj), key=key_of(self.obj))
        return waiting.order_by("-pk").first() if self.obj.pk else None

    @cached_property
    def lock(self) -> Any:
        lock = self.obj.get_lock() if self.obj.pk and isinstance(self.obj, LockableMixin) else None
        return lock if lock is not None and lock.for_user(self.user) else None

    @property
    def buttons(self) -> list[Offer]:
        """The first of them stands out."""
        if self.scheduled is not None:
            # Takes the time away from what is approved, so that it can be changed.
            address = reverse("newsdesk:stop", args=[self.scheduled.pk])
            return [self._answer(gettext("Change"), "change", address)]
        if isinstance(self.lock, BasicLock):
            return []
        if self.submission is None:
            return [send_offer(self.form), save_offer()]
        address = reverse("newsdesk:confirm", args=[self.submission.pk])
        # A chief editor may change what was sent, and confirm the change.
        changing = [] if self.lock is not None else [send_offer(self.form), save_offer()]
        if may_take_back(self.user, self.submission):
            to_take_back = self._answer(gettext("Take back and change"), "take_back", address)
            return [*changing[:1], to_take_back, *changing[1:]]
        return [Offer(gettext("Open"), href=address), *changing]

    @property
    def leading(self) -> list[Offer]:
        """The buttons where there is no form to press: what leads on."""
        leading = [offer for offer in self.buttons if offer.href]
        if leading or self.lock:
            return leading
        if self.obj.live and not self.obj.has_unpublished_changes:
            return [Offer(gettext("Edit"), AdminURLFinder(self.user).get_edit_url(self.obj) or "")]
        return [Offer(gettext("Look through and send"), way_to_object("send", self.obj))]

    def _answer(self, label: str, act: str, address: str) -> Offer:
        return Offer(label, name="act", value=act, formaction=address, form=self.form)

    @property
    def links(self) -> list[Offer]:
        """What can be done with an object that is at rest."""
        if not self.obj.pk or self.scheduled or self.submission or self.lock:
            return []
        if self.obj.live:
            withdraw = way_to_object("withdraw", self.obj)
            withdrawing = Offer(gettext("Take off the website"), href=withdraw)
            if not hasattr(self.obj, "upkeep"):
                return [withdrawing]
            upkeep = reverse("newsdesk:upkeep", args=[self.obj.pk])
            return [Offer(gettext("Is it right?"), href=upkeep), withdrawing]
        delete = way_to_delete(self.obj, self.user)
        return [Offer(gettext("Delete the draft"), href=delete)] if delete else []
