"""The editors' handbook: it opens in the CMS, and names what is there."""

import html
import json
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from pages.content.models import Alert, ArticlePage, Upkeep
from pages.content.publishing.roles import REGISTRARS
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.models import CrisisDraft
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import send
from sapo_site.accounts.second_factor.factors import new_app
from sapo_site.cms.handbook import HANDBOOK, PICTURE
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
)
from tests.integration.pages.test_red_findings import reasons
from tests.newsroom import confirm_all
from tests.recorded import Was, keep, use_own_records


def _words(client, *addresses: str) -> str:
    """All that these screens may show, also what their scripts will write."""
    words = ""
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        text = html.unescape(response.content.decode())
        words += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return words


@pytest.fixture
def submitted(editor, section):
    page = ArticlePageFactory(parent=section, live=False, owner=editor)
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    return page


def _words_of_newsroom(client, editor, chief, section) -> str:
    """What the newsroom shows while something waits, is scheduled, put out alone and removed."""
    new = [ArticlePageFactory(parent=section, live=False) for _number in range(4)]
    waits, alone, _draft, _due = (page.save_revision(user=editor) for page in new)
    submission = send(editor, [waits]).submission
    (approval,) = put_out_in_emergency(chief, [alone], "Liv och hälsa kräver det")
    new[3].go_live_at = timezone.now() + timedelta(days=1)
    scheduled = send(editor, [new[3].save_revision(user=editor)]).submission
    live = ArticlePageFactory(parent=section)
    parameters = {"reason": "outdated", "replaced_by": None}
    removal = send(editor, [make_proposal("withdraw", live, parameters, editor)]).submission
    red = ArticlePageFactory(parent=section, live=False, lead="Ring Anna, 19121212-1212.")
    leading = ArticlePageFactory(parent=section, live=False)
    link = f'<p><a linktype="page" id="{new[2].pk}">Utkastet</a></p>'
    leading.body = json.dumps([{"type": "prose", "value": link}])
    leading.save_revision(user=editor)
    stopped = red.save_revision(user=editor)
    waived = send(editor, [stopped], answers=reasons(stopped)).submission
    confirm = "/admin/redaktion/godkann/{}/".format
    client.force_login(editor)
    words = _words(client, "/admin/", f"/admin/redaktion/granska/{approval.pk}/",
                   f"/admin/redaktion/skicka/article/{new[2].pk}/",
                   f"/admin/pages/{live.pk}/edit/", f"/admin/pages/{new[0].pk}/edit/",
                   f"/admin/redaktion/koll/article/{leading.pk}/")  # fmt: skip
    client.force_login(chief)
    words += _words(client, "/admin/", confirm(submission.pk), confirm(scheduled.pk),
                    confirm(removal.pk), confirm(waived.pk))  # fmt: skip
    at_once = make_proposal("withdraw", ArticlePageFactory(parent=section), parameters, chief)
    words += _words(client, f"/admin/redaktion/skicka/forslag/{at_once.pk}/")
    confirm_all(chief, live)
    confirm_all(chief, new[3])
    new[0].title = "Ett komma"
    new[0].save_revision(user=chief)
    stop = f"/admin/redaktion/stoppa/{scheduled.approvals.get().pk}/"
    return words + _words(client, "/admin/", stop, f"/admin/redaktion/skicka/article/{new[0].pk}/")


def _words_of_crisis(client, editor, chief) -> str:
    """Each step of Krisläge, what the second person is asked, and what can follow."""
    here = "/admin/redaktion/krislage/"
    client.post(f"{here}ny/")
    draft = CrisisDraft.objects.latest("pk")
    words = dict.fromkeys(("heading", "heading_in_english"), "Ute")
    client.post(f"{here}{draft.pk}/skriv/", {"level": "danger", **words})
    steps = ("valj", "skriv", "se", "vem")
    said = _words(client, here, *(f"{here}{draft.pk}/{step}/" for step in steps))
    alert = Alert.objects.get()
    submission = send(chief, [alert.latest_revision]).submission
    CrisisDraft.objects.update(submission=submission)
    client.force_login(editor)
    said += _words(client, "/admin/", f"/admin/redaktion/godkann/{submission.pk}/")
    confirm_all(editor, alert)
    client.force_login(chief)
    return said + _words(client, here)


def _words_of_import(client, section) -> str:
    """What an editor reads of whose file one line was lost and others have no number any more."""
    address = f"/admin/redaktion/fran-fil/{section.pk}/"
    html = b"<h1>Norr</h1><p>Ingress.</p><h2>Ett</h2><ol type='a'><li>a</li><li>b</li></ol>"
    file = SimpleUploadedFile("norr.html", html)
    made = client.post(address, {"key": uuid.uuid4(), "file": file}).url
    draft = ArticlePage.objects.get(title="Norr").get_latest_revision_as_object()
    draft.lead = "Andra ord."
    draft.save_revision()
    form = f"/admin/pages/{draft.pk}/edit/"
    words = _words(client, address, made, form)
    assert "js/cms_pasting.js" in words
    return (
        words + (settings.PROJECT_DIR / "pages/newsroom/static/js" / "cms_pasting.js").read_text()
    )


def _words_of_records(client, settings, folder) -> str:
    """What a registrar reads of a page that was changed, and of one that nobody got in between."""
    use_own_records(settings, folder)
    days = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (3, 4, 5)]
    keep(*(Was("/", day, f"<main>Den {day.day} mars</main>") for day in days),
         Was("/sedan/", days[0], "<main>Sedan</main>"), unmet=["/sedan/"])  # fmt: skip
    registrar = get_user_model().objects.create_user("ragnhild")
    registrar.groups.add(Group.objects.get(name=REGISTRARS))
    client.force_login(registrar)
    named = "?address=/&moment=20260304T130000.000000Z"
    records = "/admin/sa-sag-sidan/"
    return _words(
        client, records, f"{records}{named}", f"{records}{named.replace('/', '/sedan/', 1)}",
        f"{records}andringar/", f"{records}gallring/",
        f"{records}sekretess/{named}", f"{records}gallra/{named}", f"{records}arkiv/",
    )  # fmt: skip


def test_each_label_of_the_handbook_stands_in_the_cms(
    client, editor, chief_editor, section, submitted, english_home, settings, tmp_path
):
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["http://testserver"]
    new_app(editor).save()
    words = _words(client, "/admin/login/")
    draft = ArticlePageFactory(parent=section, live=False)
    live = ArticlePageFactory(parent=section)
    NewsIndexPageFactory(parent=section.get_parent())
    Upkeep.objects.create(page=live, due_on=localdate() - timedelta(1), read_on=localdate())
    level = ThreatLevelPageFactory(parent=section)
    image, document = SiteImageFactory(), SiteDocumentFactory()
    edit = f"/admin/pages/{submitted.pk}/edit/"
    client.force_login(editor)
    words += _words(client, "/admin/", f"/admin/pages/{draft.pk}/edit/", edit,
                   "/admin/account/", "/admin/inloggning/", f"/admin/pages/{section.pk}/", "/admin/snippets/content/footer/")  # fmt: skip
    words += _words_of_import(client, section)
    Client().force_login(editor)  # somewhere else
    words += _words(client, "/admin/account/", "/admin/account/logins/")
    client.force_login(chief_editor)
    words += _words(client, "/admin/", edit, f"/admin/pages/{live.pk}/edit/",
                    f"/admin/redaktion/stammer/{live.pk}/", "/admin/images/", f"/admin/images/{image.pk}/", f"/admin/documents/edit/{document.pk}/",
                    "/admin/phrase/new/",
                    f"/admin/pages/{section.get_parent().pk}/edit/", f"/admin/pages/{level.pk}/edit/",
                    "/admin/snippets/cooperation/partner/add/",
                    "/admin/snippets/search/recommendation/add/?locale=sv")  # fmt: skip
    words += _words_of_crisis(client, editor, chief_editor)
    words += _words_of_newsroom(client, editor, chief_editor, section)
    words += _words_of_records(client, settings, tmp_path)
    words = words.lower()
    labels = {
        part.strip()
        for label in re.findall(r"\*\*(.+?)\*\*", HANDBOOK.read_text())
        for part in label.split("→")
    }
    missing = {label for label in labels if label.lower() not in words}
    assert missing == set()


def test_the_handbook_opens_in_the_cms_for_everybody_there(client, editor, home):
    client.force_login(editor)
    assert "/admin/handbok/" in _words(client, "/admin/")
    words = _words(client, "/admin/handbok/")
    assert words.index("För dig som skriver") < words.index('class="toc"') < words.index("<h2 id")
    assert 'href="#alternativtext"' in words
    assert "<strong>Sökning och menyer</strong>" in words
    assert "<td>Redaktör</td>" in words


def test_each_picture_of_the_handbook_is_there_small_and_taken_by_a_test(client, editor):
    named = PICTURE.findall(HANDBOOK.read_text())
    folder = settings.PROJECT_DIR / "static"
    assert named
    assert {f"handbook/{each.name}" for each in (folder / "handbook").iterdir()} == set(named)
    assert {name: size for name in named if (size := (folder / name).stat().st_size) > 60_000} == {}
    tests = (settings.PROJECT_DIR / "tests/browser/test_newsroom.py").read_text()
    taken = re.findall(r"takes_picture\(\s*\"(\w+)\"", tests)
    assert {f"handbook/{name}.webp" for name in taken} == set(named)
    client.force_login(editor)
    shown = client.get("/admin/handbok/").content.decode()
    for name in named:
        assert re.search(rf'<img alt="[^"]{{20,}}" src="/static/{name}"', shown), name


def test_nothing_in_the_cms_leads_to_guides_of_wagtail(client, admin, section):
    client.force_login(admin)
    page = ArticlePageFactory(parent=section)
    words = _words(client, "/admin/", f"/admin/pages/{page.pk}/edit/", "/admin/handbok/")
    assert "guide.wagtail.org" not in words
    assert "Vad är nytt" not in words


def test_no_list_shows_english_or_the_none_of_python(client, admin, section):
    page = ArticlePageFactory(parent=section)
    page.save_revision().publish()  # by nobody
    ThreatLevelDecisionFactory()
    client.force_login(admin)
    for address in ("/admin/snippets/content/threatleveldecision/", "/admin/reports/site-history/"):
        shown = re.sub(
            r"<(script|template)\b.*?</\1>|<[^>]*>", "|", _words(client, address), flags=re.S
        )
        cells = {cell.strip() for cell in shown.split("|")}
        assert cells.isdisjoint({"None", "Level name", "level name"}), address
    assert "Nivå" in _words(client, "/admin/snippets/content/threatleveldecision/")


def test_the_menu_of_a_table_is_swedish(client, admin, section):
    client.force_login(admin)
    words = _words(client, f"/admin/pages/add/content/articlepage/{section.pk}/")
    for label in ("Infoga rad ovanför", "Infoga kolumn till höger", "Ta bort kolumn", "Gör om"):
        assert label in words
