"""What this app adds to Wagtail: to what visitors are served everywhere, and to the CMS where that is served."""

from django.conf import settings
from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.content.blocks.language_button import offer_languages
from pages.content.blocks.links_in_editor import keep_waiting_links
from pages.content.references.rich_text import SiteDocumentLinkHandler, SitePageLinkHandler
from pages.public.reading.uploaded_files import from_where_visitors_may_read

if "editorial" in settings.ROLES:
    from . import cms  # noqa: F401


@hooks.register("register_rich_text_features", order=10)
def prepare_rich_text(features: FeatureRegistry) -> None:
    """Lets links find their targets on the shelves (`pages.content.references`), and words have a language."""
    features.register_link_type(SitePageLinkHandler)
    features.register_link_type(SiteDocumentLinkHandler)
    offer_languages(features)
    keep_waiting_links(features)


@hooks.register("before_serve_document", order=-1)
def refuse_what_was_marked_private(document: AbstractDocument, request: HttpRequest) -> None:
    """404 for a file that was once marked; Wagtail would ask for a login that there is not."""
    if document.collection.get_view_restrictions().exists():
        raise Http404


hooks.register("before_serve_document", from_where_visitors_may_read)
