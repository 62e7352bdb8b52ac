"""The page types, and what editors keep beside the pages.

May ask `fields` and the rooms below it. Asked by every room above it.
"""

from .account_event import AccountEvent
from .alert import Alert, MessageType, ShownAlert
from .article import ArticlePage, BaseArticlePage
from .base import BasePage
from .confirmation_task import ConfirmationTask
from .confirming import (
    Approval,
    Confirmation,
    Ending,
    Proposal,
    Publication,
    Review,
    StopOrder,
    Submission,
    SubmittedItem,
)
from .consent import Consent
from .contact import Contact
from .content_version import ContentVersion
from .crisis_rows import CallNumber, CrisisDraft, PreparedMessage
from .file_in_version import FileInVersion
from .former_addresses import FormerAddresses
from .former_file import FormerFile
from .home import HomePage
from .imported_file import ImportedFile
from .link_state import LinkState, Trouble
from .media import SiteDocument, SiteImage, SiteRendition
from .news import NewsIndexPage, NewsKind, NewsPage, PressMeeting
from .phrase import Phrase, PhraseKind
from .redirection import Redirection, page_hidden_by
from .register import RegisterEntry
from .rights import Rights
from .search import (
    EditorsEntry,
    Findable,
    PublishedFile,
    Recommendation,
    SearchEntry,
    SearchWord,
    Synonym,
    names_in,
)
from .search_kind import SearchKind
from .section import SectionPage
from .settings import CookieNotice, Footer
from .threat_level import ThreatLevelDecision, ThreatLevelPage
from .topics import PageTopic, Topic, topics_in
from .weeding_proposal import WeedingProposal
from .withdrawal import Withdrawal, WithdrawalReason
