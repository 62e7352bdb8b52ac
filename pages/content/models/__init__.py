"""The page types, and what editors keep beside the pages.

May ask `fields` and the rooms below it. Asked by every room above it.
"""

from .alert import Alert, MessageType, ShownAlert
from .article import ArticlePage, BaseArticlePage
from .base import BasePage
from .contact import Contact
from .former_addresses import FormerAddresses
from .home import HomePage
from .news import NewsIndexPage, NewsKind, NewsPage, PressMeeting
from .register import RegisterEntry
from .search_kind import SearchKind
from .section import SectionPage
from .settings import CookieNotice, Footer
from .threat_level import ThreatLevelDecision, ThreatLevelPage
from .topics import PageTopic, Topic, topics_in
from .upkeep import Upkeep, keep_true
from .withdrawal import Withdrawal, WithdrawalReason
