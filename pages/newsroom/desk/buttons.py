"""The head of the forms of pages and registers, with their buttons, and where they lead."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin.ui.components import Component

from pages.content.models.overwriting import AutosavedMixin
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.matching import returned_of
from pages.newsroom.remarks import remarks_left, without_remarks

from .offers import Desk, save_offer, send_offer
from .status_panel import lines_on
from .ways import goes_through_newsroom, way_to_object


class FormButtons(Component):
    """The head of the form: how far the object is, all buttons in one row, and links beside them.

    One item to Wagtail, which hides all but the first behind an arrow.
    """

    template_name = "newsdesk/action_menu.html"

    class Media:
        css = {"all": ["css/newsdesk_acts.css"]}
        js = ["js/press_after_saving.js"]

    def __init__(self, desk: Desk | None = None) -> None:
        self.desk = desk

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if self.desk is None:
            return {"buttons": [send_offer(), save_offer()]}
        obj = self.desk.obj
        returned = returned_of(obj) if self.desk.submission is None else None
        return {
            "buttons": self.desk.buttons,
            "links": self.desk.links,
            "lines": list(lines_on(self.desk)),
            "check_page": way_to_object("check", obj),
            "remarks": remarks_left(obj),
            "note": without_remarks(obj, returned.closing_note) if returned else "",
        }


def head_without_form(obj: Any, user: User) -> dict[str, Any]:
    """How far it is, and what leads on, where there is no form of it."""
    desk = Desk(obj, user)
    return FormButtons(desk).get_context_data(None) | {"buttons": desk.leading}


def show_newsroom_buttons(menu_items: list[Any], request: SignedInRequest, context: Any) -> None:
    """One filled button to send with, the others outlined, and the rest as links."""
    obj = context.get("page") or context.get("instance")
    if obj is None:
        if context.get("model") is None or goes_through_newsroom(context["model"]):
            menu_items[:] = [FormButtons()]
    elif goes_through_newsroom(type(obj)):
        menu_items[:] = [FormButtons(Desk(obj, request.user))]


# Where they lead


def begin_autosave(request: SignedInRequest, obj: Any) -> None:
    """Lets an autosave, which asks for JSON, write only upon the version that it began with."""
    is_autosave = request.method == "POST" and not request.accepts("text/html")
    if is_autosave and isinstance(obj, AutosavedMixin):
        obj.begin_autosave()


def let_form_only_save(request: Any, *_about: object) -> None:
    """Takes the names of Wagtail's own acts out of what was posted, so that it only saves.

    What is saved to be sent becomes a version of its own: an autosave that was under way, and
    arrives later, would else overwrite it with older words.
    """
    if request.method != "POST":
        return
    kept = request.POST.copy()
    for name in request.POST:
        if name.startswith("action-"):
            del kept[name]
    if "forward" in kept:
        kept.pop("overwrite_revision_id", None)
    request.POST = kept


def move_on(request: SignedInRequest, obj: Model) -> HttpResponse | None:
    """Leads on from the saved form to the page from which the object is sent."""
    if request.POST.get("forward") == "send" and goes_through_newsroom(type(obj)):
        return redirect("newsdesk:send", kind_of(obj), key_of(obj))
    return None
