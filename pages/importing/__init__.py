from .build import article_from
from .documents import ImportedArticle, RefusedError
from .link_targets import page_at_any_stage, resolve_links
from .read import read_article
