"""What is asked before a file is sent to a visitor."""

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument

from .reading.uploaded_files import from_where_visitors_may_read


@hooks.register("before_serve_document", order=-1)
def refuse_what_was_marked_private(document: AbstractDocument, request: HttpRequest) -> None:
    """404 for a file that was once marked; Wagtail would ask for a login that there is not."""
    if document.collection.get_view_restrictions().exists():
        raise Http404


hooks.register("before_serve_document", from_where_visitors_may_read)
