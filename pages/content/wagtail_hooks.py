"""What the content adds to Wagtail: links and languages in rich text."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from .blocks.language_button import offer_languages
from .blocks.links_in_editor import keep_waiting_links
from .references.rich_text import SiteDocumentLinkHandler, SitePageLinkHandler


@hooks.register("register_rich_text_features", order=10)
def prepare_rich_text(features: FeatureRegistry) -> None:
    """Lets links find their targets on the shelves (`pages.content.references`), and words have a language."""
    features.register_link_type(SitePageLinkHandler)
    features.register_link_type(SiteDocumentLinkHandler)
    offer_languages(features)
    keep_waiting_links(features)
