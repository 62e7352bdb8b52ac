"""The buttons under the forms of pages and registers, and where they lead."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.action_menu import PageActionMenu
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.mixins import RevisionsRevertMixin
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.models import Revision
from wagtail.snippets.action_menu import SnippetActionMenu

from pages.content.models.overwriting import AutosavedMixin
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.moments import clock, date_in_words

from .offers import Desk, Offer, save_offer, send_offer
from .ways import goes_through_newsroom


class FormButton(Component):
    """An offer as a button under the form, or as a link beside the buttons."""

    template_name = "newsdesk/offer.html"

    class Media:
        css = {"all": ["css/newsdesk_acts.css"]}
        js = ["js/press_after_saving.js"]

    def __init__(self, offer: Offer, look: str) -> None:
        self.offer, self.look = offer, look

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"offer": self.offer, "look": self.look}


def line_up_buttons() -> None:
    """Shows all buttons in a row, where Wagtail hides all but one behind an arrow."""
    PageActionMenu.template = SnippetActionMenu.template = "newsdesk/action_menu.html"
    RevisionsRevertView.add_save_confirmation_message = _say_page_is_draft
    RevisionsRevertMixin.get_success_message = _version_is_draft


def show_newsroom_buttons(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    """One filled button to send with, the others outlined, and the rest as links."""
    obj = context.get("page") or context.get("instance")
    if obj is None:
        if context.get("model") is None or goes_through_newsroom(context["model"]):
            menu_items[:] = _in_order([send_offer(), save_offer()], [])
    elif goes_through_newsroom(type(obj)):
        desk = Desk(obj, request.user)
        menu_items[:] = _in_order(desk.buttons, desk.links)


def _in_order(buttons: list[Offer], links: list[Offer]) -> list[FormButton]:
    looks = ["", *["button-secondary"] * len(buttons)]
    shown = [FormButton(offer, look) for offer, look in zip(buttons, looks, strict=False)]
    return shown + [FormButton(offer, "link") for offer in links]


# Where they lead


def begin_autosave(request: HttpRequest, obj: Any) -> None:
    """Lets an autosave, which asks for JSON, write only upon the version that it began with."""
    is_autosave = request.method == "POST" and not request.accepts("text/html")
    if is_autosave and isinstance(obj, AutosavedMixin):
        obj.begin_autosave()


def let_form_only_save(request: Any, *_about: Any) -> None:
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


def move_on(request: HttpRequest, obj: Model) -> HttpResponse | None:
    """Leads on from the saved form to the page from which the object is sent."""
    if request.POST.get("forward") == "send" and goes_through_newsroom(type(obj)):
        return redirect("newsdesk:send", kind_of(obj), key_of(obj))
    return None


# Going back to an earlier version


def _say_page_is_draft(view: RevisionsRevertView) -> None:
    messages.success(view.request, _on_reverted(view.previous_revision))


def _version_is_draft(view: RevisionsRevertMixin) -> str:
    return _on_reverted(view.revision)


def _on_reverted(revision: Revision) -> str:
    text = gettext(
        "The version from %(day)s at %(time)s is a draft now."
        " Readers see it only when two persons have approved it."
    )
    at = revision.created_at
    return text % {"day": date_in_words(at), "time": clock(at)}
