"""Every answer that is given in the form is read at the desk, whatever the form asks."""

from playwright.sync_api import expect

from tests.integration.tips.sending import EVERY_ANSWER, control_of, only_tip
from tips.questions import QUESTIONS

from .desk import Desk


def test_every_answer_that_is_sealed_in_the_form_is_read_at_the_desk(desk: Desk, channel):
    page = desk.page
    page.goto(f"{desk.server}/tipsa/formular/")
    for question in QUESTIONS:
        if question.kind == "text":
            page.locator(control_of(question)).fill(EVERY_ANSWER[question.name])
        else:
            page.locator(control_of(question)).check()
    page.get_by_role("button", name="Skicka tipset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")

    desk.open_tip(next(channel.vault.tips()))

    told = {each.name: {one.code: one.told for one in each.choices} for each in QUESTIONS}
    rows = page.locator(".desk-fields > div")
    read = [[*each.locator("dt, dd").all_inner_texts()] for each in rows.all()]
    assert sorted(read) == sorted(
        [each.at_desk, told[each.name].get(EVERY_ANSWER[each.name], EVERY_ANSWER[each.name])]
        for each in QUESTIONS
    )
    assert only_tip(channel)["fields"] == EVERY_ANSWER
