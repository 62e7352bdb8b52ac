"""What stands under the form of a page or of a register's row, and beside it, and what it leads to."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import GroupPagePermission, Page, Revision, Workflow

from pages.content.models import ArticlePage
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.submissions import open_submission_of, send
from sapo_site.accounts.groups import APPROVAL, set_up_roles
from tests.factories import ArticlePageFactory, ContactFactory
from tests.integration.pages.test_editors import SEND, _add, _article_form
from tests.newsroom import confirm_all, publish_by_two

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def article(section):
    article = ArticlePageFactory(
        parent=section, title="Valet", slug="samarbete-med-andra", live=False
    )
    article.save_revision()
    return article


def _words(client, address: str) -> str:
    text = html.unescape(client.get(address).content.decode())
    return " ".join(text.split())


def _form(article: Page) -> str:
    return f"/admin/pages/{article.pk}/edit/"


def _newest_title(article: Page) -> str:
    return ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().title


def _footer(words: str) -> str:
    return words[words.index('class="newsdesk-acts"') :].partition("</nav>")[0]


def _panel(words: str) -> str:
    return words[words.index('aria-label="Status"') :].partition("</section>")[0]


def test_one_filled_button_saves_and_moves_on_and_nothing_publishes(
    client, chief_editor, section, article
):
    client.force_login(chief_editor)
    for address in (_form(article), f"/admin/pages/add/content/articlepage/{section.pk}/"):
        buttons = re.findall(r"<button.*?</button>", _footer(_words(client, address)))
        assert ["Granska och skicka" in each for each in buttons] == [True, False]
        assert 'name="forward" value="send"' in buttons[0]
        assert "button-secondary" not in buttons[0]
        assert "Spara utkast" in buttons[1]
        assert "button-secondary" in buttons[1]
    words = _words(client, _form(article))
    for name in ("action-publish", "action-submit", "action-unpublish", "workflow-action"):
        assert f'name="{name}"' not in words


def test_the_history_begins_with_how_far_it_is_and_the_one_button(client, editor, article):
    client.force_login(editor)
    contact = ContactFactory(name="Växeln")
    for history, title in (
        (f"/admin/pages/{article.pk}/history/", "Granska och skicka"),
        (f"/admin/snippets/content/contact/history/{contact.pk}/", "Redigera"),
    ):
        head = _footer(_words(client, history)).partition("listing-results")[0]
        assert title in head
        assert head.count('class="button "') == 1
    assert "Utkast, sparat" in _footer(_words(client, f"/admin/pages/{article.pk}/history/"))


def test_what_is_saved_to_be_sent_leads_to_the_page_where_it_is_sent(client, editor, article):
    client.force_login(editor)
    response = client.post(_form(article), _article_form(title="Valet i höst", **SEND))
    assert response.url == f"/admin/redaktion/skicka/article/{article.pk}/"
    assert _newest_title(article) == "Valet i höst"


def test_a_draft_has_links_and_says_what_readers_see(client, editor, chief_editor, article):
    client.force_login(editor)
    words = _words(client, _form(article))
    assert "Radera utkastet" in _footer(words)
    assert "Utkast, sparat i dag" in _panel(words)
    assert "Schemalägg" in _panel(words)

    publish_by_two(article, editor, chief_editor)
    client.post(_form(article), _article_form(title="Nytt"))
    words = _words(client, _form(article))
    assert "Läsarna ser versionen från" in _panel(words)
    assert "Radera utkastet" not in words


def test_what_is_sent_is_locked_for_all_but_chiefs_and_taken_back_by_one_button(
    client, editor, chief_editor, article
):
    send(editor, [article.latest_revision])
    submission = open_submission_of(article)
    client.force_login(editor)
    words = _words(client, _form(article))
    assert (
        "”Valet” är låst medan den väntar på godkännande. Ta tillbaka den om du vill ändra."
        in words
    )
    panel = _panel(words)
    for line in ("Skickad av redaktor", "Väntar på: 1 chefredaktör"):
        assert line in panel
        assert line in _footer(words)
    assert "Ta tillbaka och ändra" in _footer(words)
    assert "Granska och skicka" not in _footer(words)
    client.post(_form(article), _article_form(title="Sent ändrad"))
    assert _newest_title(article) == "Valet"

    address = f"/admin/redaktion/godkann/{submission.pk}/"
    assert f'formaction="{address}"' in words
    client.post(address, _article_form(act="take_back"))
    assert open_submission_of(article) is None
    assert "Granska och skicka" in _footer(_words(client, _form(article)))


def test_a_chief_may_change_what_is_sent_and_confirm_the_change(
    client, editor, chief_editor, article
):
    send(editor, [article.latest_revision])
    client.force_login(chief_editor)
    words = _words(client, _form(article))
    assert "är låst medan" not in words
    assert "Granska och skicka" in _footer(words)
    assert f'href="/admin/redaktion/godkann/{open_submission_of(article).pk}/"' in _footer(words)
    response = client.post(_form(article), _article_form(title="Valet, ändrat", **SEND))
    assert response.url == f"/admin/redaktion/skicka/article/{article.pk}/"
    assert open_submission_of(article).items.get().title == "Valet"


def test_what_is_scheduled_is_locked_for_everybody_until_its_time_is_taken_away(
    client, editor, chief_editor, article
):
    article.go_live_at = timezone.now() + timedelta(days=1)
    send(editor, [article.save_revision(user=editor)])
    confirm_all(chief_editor, article)
    client.force_login(chief_editor)
    words = _words(client, _form(article))
    assert "”Valet” är godkänd och publiceras" in words
    buttons = re.findall(r"<button.*?</button>", _footer(words))
    assert ["Ändra" in each for each in buttons] == [True]
    client.post(_form(article), _article_form(title="Sent ändrad", **SEND))
    assert _newest_title(article) == "Valet"
    address = re.search(r'formaction="(/admin/redaktion/stoppa/\d+/)"', words)[1]
    client.post(address, {"act": "change"})
    assert "Granska och skicka" in _footer(_words(client, _form(article)))


def test_rows_of_registers_have_the_same_buttons(client, editor, home):
    contact = ContactFactory(live=False)
    contact.save_revision()
    client.force_login(editor)
    words = _words(client, f"/admin/snippets/content/contact/edit/{contact.pk}/")
    assert "Granska och skicka" in _footer(words)
    assert "Utkast, sparat i dag" in _panel(words)
    send(editor, [contact.latest_revision])
    words = _words(client, f"/admin/snippets/content/contact/edit/{contact.pk}/")
    assert "Ta tillbaka och ändra" in _footer(words)
    assert "Väntar på: 1 chefredaktör" in _panel(words)


def test_an_earlier_version_becomes_a_draft(client, editor, chief_editor, article):
    publish_by_two(article, editor, chief_editor)
    first = article.latest_revision_id
    article.title = "Valet, andra"
    article.save_revision()
    publish_by_two(article, editor, chief_editor)
    client.force_login(editor)
    address = f"/admin/pages/{article.pk}/revisions/{first}/revert/"
    words = _words(client, address)
    assert "Granska och skicka" in _footer(words)
    response = client.post(address, _article_form(title="Valet"), follow=True)
    words = " ".join(html.unescape(response.content.decode()).split())
    assert re.search(
        r"Versionen från .* \d\d[.:]\d\d är nu ett utkast\. "
        r"Läsarna ser den först när två har godkänt\.", words,
    )  # fmt: skip
    assert ArticlePage.objects.get(pk=article.pk).title == "Valet, andra"


# Autosave


def _autosaves(client, article: Page, overwrites: int | str = "", **changes: object):
    form = _article_form(**changes, overwrite_revision_id=overwrites)
    return client.post(_form(article), form, headers={"accept": "application/json"}).json()


def test_autosave_overwrites_no_version_that_was_sent_or_published(
    client, editor, chief_editor, article
):
    client.force_login(chief_editor)
    sent = article.latest_revision_id
    send(editor, [article.latest_revision])
    saved = _autosaves(client, article, sent, title="Skrivet medan den väntar")
    assert saved["revision_id"] != sent
    assert open_submission_of(article).items.get().revision.as_object().title == "Valet"

    confirm_all(editor, article)
    assert (
        open_submission_of(article) is not None
    )  # a chief's own words are not confirmed by saving
    confirm_all(chief_editor, article)
    assert ArticlePage.objects.get(pk=article.pk).title == "Valet"
    assert _newest_title(article) == "Skrivet medan den väntar"


def test_autosave_that_arrives_after_the_button_was_pressed_is_not_saved_over_it(
    client, editor, article
):
    client.force_login(editor)
    saved = _autosaves(client, article, title="Valet i h")
    pressed = _article_form(
        title="Valet i höst", overwrite_revision_id=saved["revision_id"], **SEND
    )
    assert client.post(_form(article), pressed).status_code == 302
    late = _autosaves(client, article, saved["revision_id"], title="Valet i h")
    assert late["error_code"] == "invalid_revision"
    assert _newest_title(article) == "Valet i höst"


@pytest.mark.parametrize("has_autosaved", [True, False])
def test_an_autosave_that_is_under_way_when_the_button_is_pressed_is_not_saved_over_it(
    client, editor, article, has_autosaved
):
    client.force_login(editor)
    overwrites = _autosaves(client, article, title="Val")["revision_id"] if has_autosaved else ""
    pressed = _article_form(title="Valet i höst", overwrite_revision_id=overwrites, **SEND)

    def press_meanwhile(request, obj):
        if not request.accepts("text/html"):
            assert client.post(_form(article), pressed).status_code == 302

    with hooks.register_temporarily("before_edit_page", press_meanwhile, order=1000):
        late = _autosaves(client, article, overwrites, title="Valet i h")

    assert late["error_code"] == "invalid_revision"
    assert late["error_message"] == "En nyare version har sparats under tiden."
    assert _newest_title(article) == "Valet i höst"


def test_autosave_sends_nothing(client, editor, section):
    client.force_login(editor)
    form = _article_form()
    address = f"/admin/pages/add/content/articlepage/{section.pk}/"
    client.post(address, form, headers={"accept": "application/json"})
    assert open_submission_of(ArticlePage.objects.get()) is None
    assert _add(client, section, slug="andra").status_code == 302


# A new page that is posted twice


@pytest.mark.parametrize("is_at_once", [False, True])
def test_a_press_before_autosave_has_answered_goes_on_in_the_draft_that_autosave_made(
    client, editor, section, monkeypatch, is_at_once
):
    client.force_login(editor)
    address = f"/admin/pages/add/content/articlepage/{section.pk}/"

    def autosave():
        form = _article_form(title="Valet i h", slug="valet")
        client.post(address, form, headers={"accept": "application/json"})

    if is_at_once:
        form_valid = CreateView.form_valid

        def autosave_meanwhile(view, form):
            monkeypatch.setattr(CreateView, "form_valid", form_valid)
            autosave()
            return form_valid(view, form)

        monkeypatch.setattr(CreateView, "form_valid", autosave_meanwhile)
    else:
        autosave()
    pressed = _article_form(title="Valet i höst", slug="valet", **SEND)
    answer = client.post(address, pressed, follow=True)
    made = ArticlePage.objects.get()
    assert "Skicka ”Valet i höst” för godkännande" in html.unescape(answer.content.decode())
    assert _newest_title(made) == "Valet i höst"
    assert made.slug == "valet"
    late = client.post(address, _article_form(slug="valet"), headers={"accept": "application/json"})
    assert late.json()["error_message"] == "En nyare version har sparats under tiden."
    assert _newest_title(made) == "Valet i höst"


def test_an_address_that_another_page_has_is_said_at_the_field_as_before(
    client, editor, chief_editor, section
):
    address = f"/admin/pages/add/content/articlepage/{section.pk}/"
    client.force_login(chief_editor)
    client.post(address, _article_form(slug="valet"))
    client.force_login(editor)
    answer = client.post(address, _article_form(title="Min", slug="valet"))
    assert answer.status_code == 200
    assert "används redan" in html.unescape(answer.content.decode())
    client.force_login(chief_editor)
    Revision.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    answer = client.post(address, _article_form(title="En till", slug="valet"))
    assert "används redan" in html.unescape(answer.content.decode())
    assert _newest_title(ArticlePage.objects.get()) != "En till"


# Roles


def test_no_role_holds_publishing(roles):
    chiefs = Group.objects.get(name="Chefredaktörer")
    workflow = Workflow.objects.get(name=APPROVAL)
    root = Page.get_first_root_node()
    publish = GroupPagePermission.objects.filter(permission__codename="publish_page")
    GroupPagePermission.objects.create(
        group=chiefs, page=root, permission=_permission("publish_page")
    )
    chiefs.permissions.add(_permission("publish_contact"))

    set_up_roles()

    assert not publish.exists()
    assert not chiefs.permissions.filter(codename__startswith="publish_").exists()
    assert [task.name for task in workflow.tasks] == ["Godkännande av två personer"]
    call_command("roles")
    assert workflow.workflow_tasks.count() == 1


def _permission(codename: str):
    return Permission.objects.get(codename=codename)


# Emergencies


def test_every_page_of_the_cms_tells_chiefs_what_nobody_has_reviewed(
    client, editor, chief_editor, section, article, django_user_model
):
    other = django_user_model.objects.create_user("doris")
    other.groups.set(chief_editor.groups.all())
    put_out_in_emergency(chief_editor, [article.latest_revision], "Explosion i Rosenbad")
    for user, said in (
        (other, "Nödpublicerat och inte granskat: ”Valet”, chefredaktor i dag kl. "),
        (chief_editor, "Någon annan måste granska det du nödpublicerade: ”Valet”, i dag kl. "),
    ):
        client.force_login(user)
        for address in ("/admin/", _form(section)):
            assert said in _words(client, address)
    client.force_login(other)
    assert "Skäl: Explosion i Rosenbad" in _words(client, "/admin/")
    client.force_login(editor)
    assert "inte granskat: ”Valet”" not in _words(client, _form(section))
