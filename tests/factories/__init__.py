from .cooperation import CooperationPageFactory, PartnerFactory
from .pages import (
    AlertFactory,
    ArticlePageFactory,
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

__all__ = [
    "AlertFactory",
    "ArticlePageFactory",
    "CooperationPageFactory",
    "FooterFactory",
    "HomePageFactory",
    "NewsIndexPageFactory",
    "NewsPageFactory",
    "PartnerFactory",
    "SectionPageFactory",
    "SiteDocumentFactory",
    "SiteImageFactory",
    "ThreatLevelDecisionFactory",
    "ThreatLevelPageFactory",
    "TopicFactory",
]
