"""Shows a version as readers will meet it, and a file of a proposal, for the pages of the newsroom."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import PreviewableMixin, Revision

from pages.comparing import rendered
from pages.library.models import SiteImage
from pages.newsroom.models import Proposal


@require_safe
def preview_revision(request: Any, pk: int) -> HttpResponse:
    """Any stored version, as readers will meet it."""
    revision = get_object_or_404(Revision, pk=pk)
    version = revision.as_object() if revision.content_object is not None else None
    if not isinstance(version, PreviewableMixin) or not version.is_previewable():
        raise Http404
    # The headers are then those of Wagtail's previews: a page of ours may frame it.
    request.is_preview = True
    asked = request.GET.get("visning")
    known = {mode for mode, _name in version.preview_modes}
    return HttpResponse(
        rendered(version, asked if asked in known else version.default_preview_mode)
    )


@never_cache
@require_safe
def proposed_file(request: HttpRequest, pk: int) -> FileResponse:
    """The picture or file that is to take the place of another."""
    proposal = get_object_or_404(Proposal.objects.exclude(file=""), pk=pk)
    return FileResponse(
        proposal.file.open("rb"),
        as_attachment=proposal.kind != SiteImage.fixed_kind,
        filename=proposal.parameters["file_name"],
    )
