from .build import article_from
from .documents import ImportedArticle, RefusedError
from .link_targets import page_at_any_stage, resolve_links
from .read import read_article

__all__ = [
    "ImportedArticle",
    "RefusedError",
    "article_from",
    "page_at_any_stage",
    "read_article",
    "resolve_links",
]
