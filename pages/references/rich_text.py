"""Links to pages and files inside rich text."""

from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from pages.library.files import file_note
from pages.tree.addresses import address_of

from .shelves import resolved


class SitePageLinkHandler(PageLinkHandler):
    """Writes the target's address; a link to a withdrawn page keeps only its text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        ids = [
            int(attrs["id"]) if attrs.get("id", "").isdecimal() else None for attrs in attrs_list
        ]
        pages = resolved(
            Page,
            ids,
            lambda keys: [Page.objects.in_bulk(filter(None, keys)).get(key) for key in keys],
        )
        return [_opening_tag(page) for page in pages]


def _opening_tag(page: Page | None) -> str:
    address = address_of(page.url_path) if page and page.live else None
    return f'<a href="{escape(address)}">' if address else "<a>"


class SiteDocumentLinkHandler(DocumentLinkHandler):
    """Writes the file's address, and its type and size in the tooltip."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        model = get_document_model()
        ids = [
            int(attrs["id"]) if attrs.get("id", "").isdecimal() else None for attrs in attrs_list
        ]
        documents = resolved(
            model,
            ids,
            lambda keys: [model.objects.in_bulk(filter(None, keys)).get(k) for k in keys],
        )
        return [
            f'<a href="{escape(document.url)}" title="{escape(file_note(document))}">'
            if document
            else "<a>"
            for document in documents
        ]
