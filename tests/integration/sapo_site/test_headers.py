"""What every answer carries, and what no visitor's answer may carry."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.conf import settings

from tests.factories import ArticlePageFactory, SiteImageFactory

PUBLIC = ["/", "/verksamheten/", "/verksamheten/samarbete/", "/sok/", "/tipsa/", "/finns-inte/",
          "/robots.txt", "/sitemap.xml", "/amnen/finns-inte/"]  # fmt: skip


@pytest.fixture(autouse=True)
def pages(section):
    ArticlePageFactory(parent=section, slug="samarbete")


def test_visitor_gets_the_strictest_policy(client, subtests):
    for path in PUBLIC:
        with subtests.test(path=path):
            policy = client.get(path)["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert "nonce" not in policy
            assert "require-trusted-types-for 'script'" in policy


def test_every_process_writes_the_policy_in_one_order(client):
    """Else the records would take the same page for another one."""
    parts = client.get("/om-webbplatsen/").headers["Content-Security-Policy"].split("; ")
    assert parts == sorted(parts)


def test_every_answer_carries_the_headers(client, subtests):
    for path in [*PUBLIC, "/admin/login/"]:
        with subtests.test(path=path):
            response = client.get(path)
            assert response["Referrer-Policy"] == "same-origin"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Cross-Origin-Opener-Policy"] == "same-origin"
            assert response["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "camera=()" in response["Permissions-Policy"]
            assert response["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
            assert "object-src 'none'" in response["Content-Security-Policy"] or path == "/tipsa/"
            assert "base-uri 'none'" in response["Content-Security-Policy"]
            assert "Server" not in response


def test_visitor_gets_no_cookie_and_no_answer_varies_by_cookie(client, subtests):
    for path in PUBLIC:
        with subtests.test(path=path):
            response = client.get(path, headers={"accept-language": "en"})
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
            assert "Accept-Language" not in response.get("Vary", "")


def _policy(client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(each.split(" ", 1) for each in header.split("; "))


def test_cms_runs_only_scripts_of_its_own_and_asks_nothing_from_elsewhere(client, admin, subtests):
    client.force_login(admin)
    for path in ["", "pages/", "images/", "users/", "reports/site-history/"]:
        with subtests.test(path=path):
            policy = _policy(client, f"/admin/{path}")
            assert policy["script-src"] == policy["style-src"] == "'self'"
            assert policy["default-src"] == "'none'"
            assert "http" not in str(policy)
            assert "unsafe" not in str(policy)


def test_where_one_logs_in_everything_is_our_own(client, subtests):
    for path in ["login/", "login/?next=/admin/", "nytt-losenord/x/x/"]:
        with subtests.test(path=path):
            policy = _policy(client, f"/admin/{path}")
            assert set(policy.values()) == {"'self'", "'none'"}
            assert policy["script-src"] == "'self'"


def test_views_that_need_more_get_that_and_no_more(client, admin, section):
    client.force_login(admin)
    ordinary = _policy(client, "/admin/")
    more = {
        f"pages/{section.pk}/edit/": {"style-src-elem": "'self' 'unsafe-inline'"},
        f"pages/add/content/articlepage/{section.pk}/": {
            "style-src-elem": "'self' 'unsafe-inline'"
        },
        "snippets/content/alert/add/": {"style-src-elem": "'self' 'unsafe-inline'"},
        f"images/{SiteImageFactory().pk}/": {
            "script-src-attr": f"'unsafe-hashes' '{_sum('return;')}'"
        },
    }
    for path, allowed in more.items():
        assert _policy(client, f"/admin/{path}") == {**ordinary, **allowed}


def _sum(script: str) -> str:
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def test_preview_may_be_framed_by_the_cms(client, admin, section):
    client.force_login(admin)
    section.save_revision()
    response = client.get(f"/admin/pages/{section.pk}/view_draft/")
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_visitors_page_has_nothing_of_the_cms(client):
    html = client.get("/").content.decode()
    assert "wagtail" not in html.lower()


def test_editor_sees_the_bar_on_public_pages(client, admin):
    client.force_login(admin)
    assert "wagtail-userbar" in client.get("/").content.decode()


def test_no_template_of_ours_has_inline_script_style_or_handler():
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    for folder in ("pages", "templates"):
        for template in (settings.PROJECT_DIR / folder).rglob("*.html"):
            assert not forbidden.search(template.read_text()), template
