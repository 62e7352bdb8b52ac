"""A secret file on its way: uploaded, in a draft, public, withdrawn; a visitor asks at each step."""

import json

from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from pages.content.models import ArticlePage, SectionPage
from pages.library.models import SiteDocument
from pages.newsroom.models import Submission
from tests.factories import ArticlePageFactory
from tests.factories.pdf_files import lines, pdf_of

from .newsroom_people import Person


def _answers(person: Person, file: SiteDocument) -> set[int]:
    """What the person's browser gets at every address of the file."""
    addresses = (file.url, f"/media/{file.file.name}")
    return {person.page.request.get(f"{person.url}{each}").status for each in addresses}


def test_a_secret_file_is_read_by_visitors_from_its_publication_to_its_withdrawal(newsroom):
    rolf, cecilia, visitor = newsroom.enters("Rolf"), newsroom.enters("Cecilia"), newsroom.reader()
    rolf.opens("/admin/documents/add/")
    rolf.writes("Rubrik", "Hemlig plan")
    plan = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf_of(lines)}
    rolf.page.set_input_files("#id_file", plan)
    rolf.presses("Ladda upp")
    rolf.is_told("Den är stängd tills en sida som visar den publiceras.")
    file = SiteDocument.objects.get(title="Hemlig plan")
    assert _answers(visitor, file) == {404}
    assert _answers(rolf, file) == _answers(cecilia, file) == {200}

    page = ArticlePageFactory(
        parent=SectionPage.objects.get(slug="verksamheten"), title="Planen", slug="planen",
        lead="Så här gör vi.", live=False, first_published_at=None,
    )  # fmt: skip
    link = f'<p>Läs <a linktype="document" id="{file.pk}">planen</a>.</p>'
    page.body = json.dumps([{"type": "prose", "value": link, "id": "1"}])
    page.save_revision(user=get_user_model().objects.get(username="rolf"))
    rolf.opens_form(page)
    rolf.sends()
    assert _answers(visitor, file) == {404}

    cecilia.opens(reverse("newsdesk:confirm", args=[Submission.objects.get().pk]))
    cecilia.reads("fil ”Hemlig plan” (publiceras samtidigt)")
    cecilia.page.get_by_label("Jag har sett de gula påpekandena").check()
    cecilia.presses("Godkänn och publicera")
    cecilia.is_told("är publicerad kl.")
    visitor.opens("/verksamheten/planen/")
    expect(visitor.page.get_by_role("link", name="planen", exact=True)).to_be_visible()
    assert _answers(visitor, file) == {200}

    rolf.opens(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    rolf.page.get_by_role("button", name="Fler alternativ för 'Planen'").click()
    rolf.page.get_by_role("link", name="Ta bort från webbplatsen").locator("visible=true").click()
    rolf.page.get_by_label("Den publicerades av misstag").check()
    rolf.presses("Skicka för godkännande")
    assert _answers(visitor, file) == {200}
    cecilia.opens(reverse("newsdesk:confirm", args=[Submission.objects.get(outcome="").pk]))
    cecilia.presses("Godkänn och ta bort")
    cecilia.is_told("är borttagen från webbplatsen kl.")
    assert not ArticlePage.objects.get(pk=page.pk).live
    assert _answers(visitor, file) == {404}
    assert _answers(rolf, file) == {200}
