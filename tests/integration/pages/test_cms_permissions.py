"""Who may work with a part of the site meets no more of it in the lists of the CMS."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from tests.factories import ArticlePageFactory, SectionPageFactory

ACTIONS = ["add", "change", "publish", "lock", "unlock", "bulk_delete"]
LISTS = [
    "/admin/pages/search/?q=spaning",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
]


@pytest.fixture
def section_editor(admin, section):
    """One who may do everything with one section, and nothing beside it."""
    group = Group.objects.create(name="Verksamheten")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in ACTIONS:
        permission = Permission.objects.get(codename=f"{action}_page")
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    user = get_user_model().objects.create_user("verksamheten")
    user.groups.add(group)
    return user


@pytest.fixture
def two_sections(admin, section, home):
    """A page in the section and one beside it, both in the workflow."""
    other = SectionPageFactory(parent=home, slug="annat")
    for parent, title in ((section, "Spaning i sektionen"), (other, "Spaning bredvid")):
        page = ArticlePageFactory(parent=parent, title=title, live=False, owner=admin)
        page.save_revision(user=admin, log_action=True)
        page.get_workflow().start(page, admin)


def test_one_who_may_edit_a_section_meets_nothing_beside_it(client, section_editor, two_sections):
    client.force_login(section_editor)
    for address in LISTS:
        html = client.get(address).content.decode()
        assert "Spaning i sektionen" in html
        assert "Spaning bredvid" not in html
