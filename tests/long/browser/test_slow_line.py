"""An editor on a line where every answer takes two seconds."""

import re

from playwright.sync_api import Browser, expect

from pages.content.models import SectionPage
from pages.newsroom.models import Submission
from pages.newsroom.submissions import open_submission_of
from tests.browser.test_editors import _in_front_of, _lets_pass
from tests.factories import ArticlePageFactory


def test_where_every_answer_takes_two_seconds_what_is_sent_is_what_was_written_last(
    browser: Browser, live_server, accounts
):
    article = ArticlePageFactory(
        parent=SectionPage.objects.get(slug="verksamheten"), title="Valet", lead="x", live=False
    )
    article.save_revision()
    page = _in_front_of(browser, live_server.url, "redaktor")
    page.goto(f"{live_server.url}/admin/pages/{article.pk}/edit/")
    page.wait_for_load_state("networkidle")
    slow = {"offline": False, "latency": 2000, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    _lets_pass(page, 2.5)  # what stands in the form after two seconds is taken as saved
    with page.expect_request(lambda request: request.url.endswith("/edit/"), timeout=10_000):
        page.get_by_role("textbox", name="Ingress").fill("Det här skrevs först.")
    # Autosave is under way.
    page.get_by_role("textbox", name="Ingress").fill("Det här skrevs sist.")
    page.get_by_role("button", name="Granska och skicka").click()
    send = page.get_by_role("button", name="Skicka för godkännande")
    send.click()
    told = page.locator(".messages")
    expect(told).to_contain_text(
        re.compile("är skickad för godkännande|är inte längre det du läste")
    )
    if "är inte längre det du läste" in told.inner_text():
        send.click()  # an autosave came after the page was shown: it is read before it is sent
    expect(page.locator(".messages .success")).to_contain_text("är skickad för godkännande")
    page.context.close()
    sent = open_submission_of(article).items.get()
    assert sent.revision.as_object().lead == "Det här skrevs sist."
    article.refresh_from_db()
    assert article.latest_revision_id == sent.revision_id
    assert Submission.objects.count() == 1
