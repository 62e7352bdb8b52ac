"""The buttons under the forms of pages and registers, and where they lead."""

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin.ui.components import Component

from pages.content.models.overwriting import AutosavedMixin
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of

from .offers import Desk, Offer, save_offer, send_offer
from .ways import goes_through_newsroom


class FormButtons(Component):
    """All buttons under the form in one row, and links beside them.

    One item to Wagtail, which hides all but the first behind an arrow.
    """

    template_name = "newsdesk/action_menu.html"

    class Media:
        css = {"all": ["css/newsdesk_acts.css"]}
        js = ["js/press_after_saving.js"]

    def __init__(self, buttons: list[Offer], links: list[Offer]) -> None:
        self.buttons, self.links = buttons, links

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"buttons": self.buttons, "links": self.links}


def show_newsroom_buttons(menu_items: list[Any], request: SignedInRequest, context: Any) -> None:
    """One filled button to send with, the others outlined, and the rest as links."""
    obj = context.get("page") or context.get("instance")
    if obj is None:
        if context.get("model") is None or goes_through_newsroom(context["model"]):
            menu_items[:] = [FormButtons([send_offer(), save_offer()], [])]
    elif goes_through_newsroom(type(obj)):
        desk = Desk(obj, request.user)
        menu_items[:] = [FormButtons(desk.buttons, desk.links)]


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
