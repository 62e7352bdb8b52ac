"""What an editor pastes into a text, as texts and blocks that hold its headings, lists and tables."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from pages.content.models import ArticlePage
from pages.importing.documents import Notes, RefusedError
from pages.importing.pasted import pasted_blocks
from pages.library.apart.parent import NoTurnError


@require_POST
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """The blocks, as the form of the page takes them, and what was left out; nothing is stored.

    For who may write there: reading takes time of which there is little.
    """
    beside = get_object_or_404(Page, pk=pk)
    may = beside.permissions_for_user(request.user)
    if not (may.can_edit() or may.can_add_subpage()):
        raise PermissionDenied
    try:
        blocks, notes = pasted_blocks(request.POST.get("html", ""), beside=beside)
    except RefusedError as error:
        return _refused(str(error))
    except NoTurnError as error:
        return _refused(" ".join(error.messages))
    stream = ArticlePage._meta.get_field("body").stream_block
    state = stream.get_form_state(stream.to_python(blocks))
    return JsonResponse({"blocks": state, "told": _told(notes)})


def _refused(told: str) -> JsonResponse:
    return JsonResponse({"told": told}, status=422)


def _told(notes: Notes) -> str:
    dropped = [f"{what}: {times}" for what, times in notes.dropped.items()]
    left_out = _("Left out: %(what)s.") % {"what": ", ".join(dropped)} if dropped else ""
    return " ".join(filter(None, [left_out, *notes.to_complete]))


def pasting_script() -> str:
    """The script that offers it, in the forms of the CMS, and how it looks."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" data-address="{}" defer></script>',
        static("css/cms_pasting.css"),
        static("js/cms_pasting.js"),
        reverse("newsdesk:paste", args=[0]),
    )
