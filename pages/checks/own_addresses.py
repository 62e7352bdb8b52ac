"""Addresses of this website that somebody has written by hand."""

from urllib.parse import unquote, urlsplit

from wagtail.contrib.redirects.models import Redirect

from pages.content.tree.addresses import has_view, is_own_host


def own_path(address: str) -> str:
    """The path of an address of this website, without the rest; empty for one elsewhere."""
    try:
        parts = urlsplit(address.strip().replace("\\", "/"))  # as browsers do
        host = parts.hostname
    except ValueError:
        return ""
    is_ours = parts.scheme in ("http", "https") and is_own_host(host) if host else not parts.scheme
    if not is_ours or (not parts.path.startswith("/") and not host):
        return ""
    path = unquote(parts.path) or "/"
    if path.endswith(".html"):  # the former site's, which lead on
        path = path.removesuffix(".html")
    return path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"


def where_nothing_answers(paths: set[str]) -> set[str]:
    """Those of the paths without a page at which nothing else answers either."""
    left = {path for path in paths if not has_view(path)}
    if not left:
        return set()
    by_old_path = {Redirect.normalise_path(path): path for path in left}
    led_on = Redirect.objects.filter(old_path__in=by_old_path).values_list("old_path", flat=True)
    return left - {by_old_path[old_path] for old_path in led_on}
