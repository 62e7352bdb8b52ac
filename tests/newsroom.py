"""Two persons of the newsroom, for tests that are about something else."""

import json
from typing import Any

from pages.newsroom.matching import Seen
from pages.newsroom.rule import Sendable
from pages.newsroom.submissions import Outcome, confirm, open_submission_of, send

from .factories import ArticlePageFactory


def confirm_all(person: Any, thing: Any) -> Outcome:
    """The person confirms what was sent of a thing, as it was sent."""
    submission = open_submission_of(thing)
    assert submission is not None
    items = submission.items.all()
    return confirm(person, submission, {item.pk: Seen(item.digest) for item in items})


def publish_by_two(thing: Any, editor: Any, chief: Any) -> Outcome:
    """The editor sends the newest version of a page or a row of a register, the chief confirms it."""
    stored = type(thing).objects.get(pk=thing.pk)
    send(editor, [stored.latest_revision or stored.save_revision(user=editor)])
    outcome = confirm_all(chief, stored)
    thing.refresh_from_db()
    return outcome


def approved_by_two(sender: Any, other: Any, *things: Sendable) -> Outcome:
    """Versions and acts sent together by one, and confirmed by another as they were sent."""
    submission = send(sender, things).submission
    items = submission.items.all()
    return confirm(other, submission, {item.pk: Seen(item.digest) for item in items})


def page_with(section: Any, picture: Any, file: Any, **fields: Any) -> Any:
    """An article, not public and not stored so, that shows the picture and leads to the file."""
    page = ArticlePageFactory(parent=section, live=False, **fields)
    figure = {"image": {"image": picture.pk, "alt_text": "En vallokal.", "decorative": False}}
    page.image = json.dumps([{"type": "figure", "value": {**figure, "caption": ""}, "id": "1"}])
    link = f'<p><a linktype="document" id="{file.pk}">Checklistan</a></p>'
    page.body = json.dumps([{"type": "prose", "value": link, "id": "2"}])
    return page
