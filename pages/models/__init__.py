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

__all__ = [
    "Alert",
    "ArticlePage",
    "BaseArticlePage",
    "BasePage",
    "Contact",
    "ContentVersion",
    "CookieNotice",
    "Footer",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "PageTopic",
    "PublishedFile",
    "Recommendation",
    "SearchEntry",
    "SearchKind",
    "SearchWord",
    "SectionPage",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "Synonym",
    "ThreatLevel",
    "ThreatLevelDecision",
    "ThreatLevelPage",
    "Topic",
    "UnmetQuery",
    "Withdrawal",
    "names_in",
]
