"""A site with one of everything, so that each address of the CMS has something to show."""

from typing import Any

from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page, Revision, Site, Task, TaskState, Workflow

from pages.checks.models import Phrase
from pages.content.models import (
    ArticlePage,
    Contact,
    CookieNotice,
    FormerAddresses,
    PageTopic,
    Withdrawal,
)
from pages.newsroom.models import PreparedMessage
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import send
from pages.search.models import Recommendation, Synonym
from sapo_site.models import AccessibilityMessage

from . import factories

Keys = dict[str, list[int]]

# What stands in an address of the CMS in place of a part with this name.
_NAMES = {
    "app_label": "content", "app_name": "content", "content_type_app_name": "content",
    "model_name": "articlepage", "content_type_model_name": "articlepage",
    "kind": "article", "action": "delete", "action_name": "publish",
    "filter_spec": "width-100", "name": "waiting", "uidb64": "MQ", "token": "x-y", "path": "x",
}  # fmt: skip


def whole_site(home: Any, section: Any, editor: Any) -> Keys:
    """Fills the site, and says under which keys what lies, by the part of the address."""
    english, _ = Locale.objects.get_or_create(language_code="en")
    topic = factories.TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    live = factories.ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    live.page_topics.add(PageTopic(topic=topic))
    live.save_revision().publish()
    live = ArticlePage.objects.get(pk=live.pk)
    live.lead = "En ändring som väntar."
    live.save_revision(user=editor)
    draft = factories.ArticlePageFactory(
        parent=section, title="Utkast", slug="utkast", live=False, owner=editor
    )
    sent = send(editor, [draft.save_revision(user=editor)]).submission
    index = factories.NewsIndexPageFactory(parent=home)
    factories.NewsPageFactory(parent=index, slug="nyhet")
    factories.ThreatLevelPageFactory(parent=home)
    factories.CooperationPageFactory(parent=section, slug="samarbete")
    proposal = make_proposal("withdraw", live, {"reason": "outdated"}, editor)
    send(editor, [proposal])
    image = factories.SiteImageFactory(file=factories.pages.picture_file(60, 40))
    document = factories.SiteDocumentFactory()
    factories.AccessibilityStatementPageFactory(parent=section)
    message = AccessibilityMessage.objects.create(
        key="a" * 64, about="fault", text="Menyn", language="sv", arrived_on="2026-11-20",
        answer_by="2026-12-04",
    )  # fmt: skip
    # Those that are shipped are gone where another test has emptied the database.
    prepared = PreparedMessage.objects.first() or PreparedMessage.objects.create(
        name="Händelse", heading="Händelse", heading_in_english="Incident"
    )
    rows = [
        factories.AccessibilityDeviationFactory(),
        topic,
        factories.PartnerFactory(),
        factories.AlertFactory(),
        factories.FooterFactory(),
        factories.ThreatLevelDecisionFactory(),
        Contact.objects.create(name="Presstjänsten", locale=home.locale),
        CookieNotice.objects.create(
            heading="Kakor",
            text="En enda.",
            button="Stäng",
            link_text="Läs mer",
            locale=home.locale,
        ),
        Synonym.objects.create(names="säpo, säkerhetspolisen", locale=home.locale),
        Recommendation.objects.create(names="kakor", page=live),
        FormerAddresses.objects.create(name="Förr", lines="/forr/* → /"),
        Withdrawal.objects.create(address="/borttagen/", title="Borttagen"),
        Phrase.objects.first() or Phrase.objects.create(text="hemlig"),
    ]
    for row in rows:
        if hasattr(row, "save_revision"):
            row.save_revision(user=editor)
    pages = [page.pk for page in Page.objects.filter(depth__gt=1)]
    keys = {row._meta.label_lower: [row.pk] for row in rows}
    return {
        **keys,
        "pages": [live.pk, draft.pk, *pages],
        "sections": [section.pk],
        "images": [image.pk],
        "documents": [document.pk],
        "users": [editor.pk],
        "redaktion": [sent.pk, proposal.pk, live.latest_revision_id or 1],
        "phrase": keys["checks.phrase"],
        "accessibilitymessage": [message.pk],
        "preparedmessage": [prepared.pk],
        "revision": list(Revision.objects.values_list("pk", flat=True)),
        "english": [english.pk],
        "task_state": list(TaskState.objects.values_list("pk", flat=True)) or [1],
        **{
            name: list(model.objects.values_list("pk", flat=True))
            for name, model in (
                ("groups", Group),
                ("sites", Site),
                ("locales", Locale),
                ("collections", Collection),
                ("workflows", Workflow),
                ("task", Task),
            )
        },
    }


def part_of(keys: Keys, route: str, kind: str, name: str) -> str:
    """What stands in an address for a part of it, so that it is about something that is there."""
    if "submit/snippet/" in route:
        topic = {"app_label": "content", "model_name": "topic", "pk": keys["content.topic"][0]}
        return str(topic[name])
    if name in _NAMES:
        return _NAMES[name]
    return "x" if kind == "slug" else str(_key_for(keys, route, name))


def _key_for(keys: Keys, route: str, name: str) -> int:
    parts = route.replace("^", "").split("/")
    area = parts[1] if len(parts) > 1 else ""
    if area == "snippets" and len(parts) > 3:
        at = 3 if parts[2] == "choose" else 2
        named = keys.get(f"{parts[at]}.{parts[at + 1]}")
        if named and "revision" not in name:
            return named[0]
    for word in ("revision", "task_state", "task"):
        if word in name:
            return keys[word][0]
    if area == "redaktion" and name == "key":
        return keys["pages"][0]
    if name == "parent_page_id":
        return keys["sections"][0]
    if "page" in name or name == "destination_id":
        return keys["pages"][0]
    return keys.get(area, keys["pages"])[0]
