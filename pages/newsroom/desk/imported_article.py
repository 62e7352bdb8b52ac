"""What an editor's file held, kept in her session until she has compared it with the draft."""

from typing import Any

from wagtail.models import Page

from pages.importing.carried import packed, unpacked
from pages.importing.documents import ImportedArticle

_NAME = "imported"
_MOST = 3


def keep_article(session: Any, page: Page, article: ImportedArticle) -> None:
    """Keeps what proves the page, and what proves the two made before it: words, no pictures."""
    earlier = [*session.get(_NAME, {}).items()][1 - _MOST :]
    proving = ImportedArticle(article.title, article.lead, notes=article.notes)
    session[_NAME] = {**dict(earlier), str(page.pk): packed(proving, lambda content: 0)}


def kept_article(session: Any, page: Page) -> ImportedArticle | None:
    """What proves the page; None where it was made in another session, or by a former release."""
    told = session.get(_NAME, {}).get(str(page.pk))
    try:
        return unpacked(told, lambda number: b"") if told else None
    except (KeyError, TypeError, ValueError):
        return None


def forget_article(session: Any, page: Page) -> None:
    if session.get(_NAME, {}).pop(str(page.pk), None):
        session.modified = True
