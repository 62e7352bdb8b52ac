"""The CMS where the tip channel's database cannot be reached."""

import pytest

from tests.databases import lay_migrated
from tests.system.as_service import run_as

WITHOUT_THE_TIPS_DATABASE = """
import sapo_site.wsgi
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import OperationalError
from django.utils.connection import ConnectionDoesNotExist
from django.test import Client
from pages.newsroom.submissions import confirm, send
from pages.newsroom.matching import Seen
from pages.content.models import Contact
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from sapo_site.accounts.groups import set_up_roles
from tips.models import Tip

call_command("migrate", verbosity=0)
set_up_roles()
user = get_user_model().objects.create_user("chef", password="x")
user.groups.add(Group.objects.get(name=CHIEF_EDITORS))
other = get_user_model().objects.create_user("redaktor", password="x")
other.groups.add(Group.objects.get(name=EDITORS))
client = Client()
client.force_login(user)
LIST = "/admin/snippets/content/contact/"
form = {"name": "Växel", "phone": "010-568 70 00", "go_live_at": "", "expire_at": ""}
assert client.get("/admin/").status_code == 200
assert client.get(LIST + "add/").status_code == 200
assert client.post(LIST + "add/", form).status_code == 302
sent = send(user, [Contact.objects.get().latest_revision]).submission
confirm(other, sent, {item.pk: Seen(item.digest) for item in sent.items.all()})
assert Contact.objects.get().live
call_command("publish_scheduled")
try:
    Tip.objects.exists()
except (ConnectionDoesNotExist, OperationalError):
    print("unreachable, and nobody minded")
"""


@pytest.mark.parametrize("roles", ["public,editorial", "public,editorial,intake,desk"])
def test_the_cms_works_where_the_tip_channels_database_cannot_be_reached(tmp_path, roles):
    lay_migrated(tmp_path / "db.sqlite3")
    nowhere = "postgres://nobody@127.0.0.1:1/tips"
    said = run_as(
        roles, WITHOUT_THE_TIPS_DATABASE, SAPO_VAR=str(tmp_path), TIPS_DATABASE_URL=nowhere
    )
    assert "unreachable, and nobody minded" in said
