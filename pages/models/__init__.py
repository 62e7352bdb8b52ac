"""The page types, and what editors keep beside the pages.

May ask `fields` and the rooms below it. Asked by every room above it.
"""

from .alert import Alert
from .article import ArticlePage, BaseArticlePage
from .base import BasePage
from .contact import Contact
from .content_version import ContentVersion
from .home import HomePage
from .media import SiteDocument, SiteImage, SiteRendition
from .news import NewsIndexPage, NewsPage
from .search import (
    PublishedFile,
    Recommendation,
    SearchEntry,
    SearchKind,
    SearchWord,
    Synonym,
    UnmetQuery,
    names_in,
)
from .section import SectionPage
from .settings import CookieNotice, Footer
from .threat_level import ThreatLevel, ThreatLevelDecision, ThreatLevelPage
from .topics import PageTopic, Topic
from .withdrawal import Withdrawal
