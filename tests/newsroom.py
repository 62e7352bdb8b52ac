"""Two persons of the newsroom, for tests that are about something else."""

import json
from typing import Any

from django.contrib.messages import get_messages

from pages.content.models import PageTopic, Topic
from pages.newsroom.matching import Seen
from pages.newsroom.rule import Sendable
from pages.newsroom.submissions import Outcome, confirm, open_submission_of, send

from .factories import ArticlePageFactory


def confirm_all(person: Any, obj: Any) -> Outcome:
    """The person confirms what was sent of an object, as it was sent."""
    submission = open_submission_of(obj)
    assert submission is not None
    items = submission.items.all()
    return confirm(person, submission, {item.pk: Seen(item.digest) for item in items})


def publish_by_two(obj: Any, editor: Any, chief: Any) -> Outcome:
    """The editor sends the newest version of a page or a row of a register, the chief confirms it."""
    stored = type(obj).objects.get(pk=obj.pk)
    send(editor, [stored.latest_revision or stored.save_revision(user=editor)])
    outcome = confirm_all(chief, stored)
    obj.refresh_from_db()
    return outcome


def approved_by_two(sender: Any, other: Any, *sendables: Sendable) -> Outcome:
    """Versions and acts sent together by one, and confirmed by another as they were sent."""
    submission = send(sender, sendables).submission
    items = submission.items.all()
    return confirm(other, submission, {item.pk: Seen(item.digest) for item in items})


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
