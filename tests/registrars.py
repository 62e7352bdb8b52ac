"""Those who keep the records, at the CMS, and what they read there."""

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client


def account(name: str, *groups: str) -> Any:
    """An account of the CMS with these roles, which are set up."""
    user = get_user_model().objects.create_user(name, password="hemligt-nog-for-prov")
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words_of(answer: Any) -> str:
    """The HTML of an answer in one line."""
    return re.sub(r"\s+", " ", answer.content.decode())
