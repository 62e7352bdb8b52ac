"""What is asked for at a place of a page stands there in the form, as Wagtail's comments."""

import re
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Comment, Page

from pages.checks.met import Passage
from pages.checks.walking import parts_of
from pages.newsroom.models import Submission

# ”The words that it is about”: what is asked for, on to the next such words.
_REMARK = re.compile(r"^”(.+?)”: *(.*(?:\n(?!”).*)*)", re.MULTILINE)


def quoted(words: str) -> str:
    """What a remark about these words begins with."""
    return f"”{words}”: "


def leave_remarks(objects: list[Any], by: User, note: str) -> None:
    """Puts each remark beside the words that it is about; the rest of the note is told above."""
    pages = [each for each in objects if isinstance(each, Page) and each.latest_revision]
    passages = [
        (page, part.spot.place, " ".join(part.words.split()))
        for page in pages
        for part in parts_of(page.get_latest_revision_as_object())
        if isinstance(part, Passage)
    ]
    for words, asked in _REMARK.findall(note) if pages else ():
        begins = words.partition(" (→")[0].rstrip("…").strip()
        places = ((page, place) for page, place, text in passages if begins in text)
        page, place = next(places, (pages[0], ""))
        Comment.objects.create(
            page=Page.objects.get(pk=page.pk), user=by, contentpath=place or "title",
            text=asked.strip() if place else quoted(words) + asked.strip(), position="[]",
            revision_created=page.latest_revision,
        )  # fmt: skip


def without_remarks(obj: Any, note: str) -> str:
    """What of the note stands at no place of the object."""
    return _REMARK.sub("", note).strip() if isinstance(obj, Page) else note


def remarks_left_in(submission: Submission) -> int:
    """How many are left of the pages of what was sent."""
    versions = [item.revision for item in submission.items.all() if item.revision]
    return sum(len(remarks_left(version.content_object)) for version in versions)


def remarks_left(obj: Any) -> list[Comment]:
    """Those at places of the object that nobody has marked as mended."""
    if not isinstance(obj, Page):
        return []
    return list(obj.wagtail_admin_comments.filter(resolved_at=None).order_by("pk"))
