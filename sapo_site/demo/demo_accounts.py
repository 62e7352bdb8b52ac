"""The demo's accounts, with passwords that are drawn once and kept in the data folder."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS
from sapo_site.demo.left_by_demo import PEOPLE

# username, role as people call it, group (None: may do everything)
IN_THE_CMS = (
    ("admin", "Administratör", None),
    ("chefredaktor", "Chefredaktör, skickar och godkänner", CHIEF_EDITORS),
    ("redaktor", "Redaktör, skickar och godkänner", EDITORS),
    ("registrator", "Registrator, visar hur sidan såg ut", REGISTRARS),
)
ROLE_OF = {username: role for username, role, *_group in IN_THE_CMS}


def accounts_file() -> Path:
    return settings.VAR_DIR / "demo-accounts.json"


def set_up_accounts() -> None:
    """Makes the missing accounts; a password that somebody has changed stays changed."""
    kept = {row["username"]: row["password"] for row in _kept()}
    passwords = {name: kept.get(name) or secrets.token_urlsafe(12) for name in ROLE_OF}
    _keep(
        [
            {"username": username, "password": passwords[username], "role": role}
            for username, role in ROLE_OF.items()
        ]
    )
    _set_up_in_the_cms(passwords, kept)


def _set_up_in_the_cms(passwords: dict[str, str], kept: dict[str, str]) -> None:
    users = get_user_model().objects
    # Chief editors last: they are mailed of every account that is made after theirs.
    for username, _role, group in sorted(IN_THE_CMS, key=lambda each: each[2] == CHIEF_EDITORS):
        existing = users.filter(username=username).first()
        if existing is not None:
            if username not in kept:  # the file was lost, and its new password must be right
                existing.set_password(passwords[username])
                existing.save(update_fields=["password"])
            continue
        first_name, last_name = PEOPLE[username]
        user = users.create_user(
            username,
            f"{username}@sakerhetspolisen.example",
            password=passwords[username],
            first_name=first_name,
            last_name=last_name,
            is_superuser=group is None,
            is_staff=group is None,
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "sv"})


def _kept() -> list[dict[str, str]]:
    try:
        return json.loads(accounts_file().read_text())
    except (FileNotFoundError, ValueError):
        return []


def _keep(accounts: list[dict[str, str]]) -> None:
    # Written to another file and renamed: an interrupted start leaves the old file whole.
    target = accounts_file()
    part = target.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=2)
    part.replace(target)
