"""What this app adds to Wagtail: to its rich text everywhere, and to the CMS where that is served."""

from django.conf import settings
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.blocks.language_button import offer_languages
from pages.blocks.links_in_editor import keep_waiting_links
from pages.references.rich_text import SiteDocumentLinkHandler, SitePageLinkHandler

if "editorial" in settings.ROLES:
    from . import cms  # noqa: F401: it registers what it has


@hooks.register("register_rich_text_features", order=10)
def prepare_rich_text(features: FeatureRegistry) -> None:
    """Lets links find their targets on the shelves (`pages.references`), and words have a language."""
    features.register_link_type(SitePageLinkHandler)
    features.register_link_type(SiteDocumentLinkHandler)
    offer_languages(features)
    keep_waiting_links(features)
