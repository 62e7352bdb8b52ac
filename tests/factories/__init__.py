from .cooperation import CooperationPageFactory, PartnerFactory
from .pages import (
    ArticlePageFactory,
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
    "ArticlePageFactory",
    "CooperationPageFactory",
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
