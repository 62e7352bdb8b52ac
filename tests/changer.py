"""Confirms what goes out together, each time it is told to: `python -m tests.changer`, as the CMS would.

A line that it reads is the sign of one confirmation: the level and a message in both languages. It
answers with the second in which the last person confirmed, and the one in which all was done.
"""

import sys
import time
from typing import Any

# Sets Django up as it is where the CMS is served: what follows a change is done here.
import sapo_site.wsgi  # noqa: F401


def main() -> None:
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    people = _two_persons()
    messages = _messages()
    _say("ready")
    for line in sys.stdin:
        began, ended = _confirmed(people, messages, line.strip())
        _say(f"{began} {ended}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _two_persons() -> tuple[Any, Any]:
    from django.contrib.auth.models import Group, User

    from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
    from sapo_site.accounts.groups import set_up_roles

    set_up_roles()
    people = []
    for name, role in (("eva", EDITORS), ("chris", CHIEF_EDITORS)):
        person, _created = User.objects.get_or_create(
            username=f"prov-{name}", defaults={"email": f"{name}@sapo.example"}
        )
        person.groups.set([Group.objects.get(name=role)])
        people.append(person)
    return people[0], people[1]


def _messages() -> list[Any]:
    from wagtail.models import Locale

    from pages.content.models import Alert

    return [Alert.objects.create(heading="Prov", locale=Locale.get_default(), live=False)]


def _confirmed(people: tuple[Any, Any], messages: list[Any], sign: str) -> tuple[float, float]:
    from django.utils import timezone

    from pages.content.models import ThreatLevelDecision
    from pages.newsroom.matching import Seen
    from pages.newsroom.submissions import Result, confirm, send

    decision = ThreatLevelDecision.objects.create(
        level=4, live=False, decided_at=timezone.now(), decided_by="Säkerhetspolischefen",
        text=f"Nivån höjs. {sign}", text_in_english=f"The level is raised. {sign}",
    )  # fmt: skip
    for message in messages:
        message.refresh_from_db()
        message.heading = message.heading_in_english = sign
    sent = send(people[0], [each.save_revision() for each in (*messages, decision)]).submission
    seen = {item.pk: Seen(item.digest) for item in sent.items.all()}
    began = time.time()
    outcome = confirm(people[1], sent, seen)
    if outcome.result is not Result.PUBLISHED:
        raise RuntimeError(outcome.result)
    return began, time.time()


if __name__ == "__main__":
    main()
