from .accessibility import AccessibilityDeviationFactory, AccessibilityStatementPageFactory
from .cooperation import CooperationPageFactory, PartnerFactory
from .pages import (
    AlertFactory,
    ArticlePageFactory,
    ContactFactory,
    FooterFactory,
    HomePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)
