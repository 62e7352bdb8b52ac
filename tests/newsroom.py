"""Two persons of the newsroom, for tests that are about something else."""

import html
import json
import re
from typing import Any

from django.contrib.messages import get_messages
from wagtail.models import Page

from pages.content.models import PageTopic, Topic
from pages.content.publishing.stored import WISHES, content_of
from pages.newsroom.digest import (
    content_digest_of,
    digest_in_place,
    key_of,
    kind_of,
    parent_of,
)
from pages.newsroom.matching import Seen
from pages.newsroom.rule import Sendable
from pages.newsroom.submissions import Outcome, confirm, open_submission_of, send

from .factories import ArticlePageFactory


def confirm_sent(person: Any, submission: Any, **more: Any) -> Outcome:
    """The person confirms all that was sent together, as it was sent."""
    items = submission.items.all()
    return confirm(person, submission, {item.pk: Seen(item.digest) for item in items}, **more)


def confirm_all(person: Any, obj: Any) -> Outcome:
    """The person confirms what was sent of an object, as it was sent."""
    return confirm_sent(person, open_submission_of(obj))


def publish_by_two(obj: Any, editor: Any, chief: Any) -> Outcome:
    """The editor sends the newest version of a page or a row of a register, the chief confirms it."""
    stored = type(obj).objects.get(pk=obj.pk)
    send(editor, [stored.latest_revision or stored.save_revision(user=editor)])
    outcome = confirm_all(chief, stored)
    obj.refresh_from_db()
    return outcome


def approved_by_two(sender: Any, other: Any, *sendables: Sendable) -> Outcome:
    """Versions and acts sent together by one, and confirmed by another as they were sent."""
    return confirm_sent(other, send(sender, sendables).submission)


def call_by_name(editor: Any, chief: Any) -> None:
    """Gives both the names that mails and pages call them by, and addresses."""
    for user, first, last in ((editor, "Rolf", "Redaktör"), (chief, "Cecilia", "Chefredaktör")):
        user.first_name, user.last_name = first, last
        user.email = f"{first.lower()}@example.org"
        user.save()


def main_words(response: Any) -> str:
    """The words of a page of the CMS, without what stands around its main part."""
    text = response.content.decode()
    found = re.search(r"<main.*</main>", text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0] if found else text)).split())


def live_digest_of(obj: Any) -> str:
    """The digest of what an object says now, without what publishing uses up."""
    if not hasattr(obj, "serializable_data"):
        return content_digest_of(obj)
    said = content_of((obj.specific if isinstance(obj, Page) else obj).serializable_data())
    kept = {name: said[name] for name in said.keys() - WISHES}
    return digest_in_place(kind_of(obj), key_of(obj), kept, parent=parent_of(obj))


def messages_of(answer: Any) -> str:
    """What a redirection leaves for the next page to say, which need not be drawn for that."""
    left = get_messages(answer.wsgi_request) if answer.status_code == 302 else ()
    return " ".join(map(str, left))


def page_with(section: Any, picture: Any, file: Any, **fields: Any) -> Any:
    """An article, not public and not stored so, that shows the picture and leads to the file."""
    page = ArticlePageFactory(parent=section, live=False, **fields)
    figure = {"image": {"image": picture.pk, "alt_text": "En vallokal.", "decorative": False}}
    page.image = json.dumps([{"type": "figure", "value": {**figure, "caption": ""}, "id": "1"}])
    link = f'<p><a linktype="document" id="{file.pk}">Checklistan</a></p>'
    page.body = json.dumps([{"type": "prose", "value": link, "id": "2"}])
    return page


def asked_of_several(client: Any, action: str, *pages: Any) -> tuple[str, dict[str, Any]]:
    """The address of a bulk action, and what its page of questions has shown and is ticked there."""
    keys = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&{keys}"
    shown = client.get(address).context
    ticks = [item["to_tick"] for item in shown["items"]]
    return address, {"seen": shown["form"]["seen"].value(), "read": ticks}


def flawless_draft(section: Any, title: str) -> Any:
    """A draft about which the checks have nothing to say."""
    page = ArticlePageFactory(parent=section, title=title, live=False)
    page.page_topics.add(PageTopic(topic=Topic.objects.get_or_create(name="Val", slug="val")[0]))
    return page
