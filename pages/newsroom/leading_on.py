"""Lets old addresses of a page lead on to where it is now."""

from wagtail.contrib.redirects.signal_handlers import create_redirects
from wagtail.models import Page, Site


def lead_on(page: Page, page_before: Page) -> None:
    """Redirects from the addresses that a page and those below it had before.

    Wagtail would make them of drafts too, and after the transaction, when nothing may be written any more:
    the gate asks for them while what leads to them is permitted.
    """
    if page.url_path == page_before.url_path:
        return
    roots = {path.site_id for path in page._get_relevant_site_root_paths()}
    sites = Site.objects.filter(pk__in=roots).exclude(root_page=page.pk)
    create_redirects(page=page, page_old=page_before, sites=sites)
