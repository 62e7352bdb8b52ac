"""Who meets which pages in the CMS is as Wagtail says; only the way to know it is shorter."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import GroupPagePermission, Page, PageLogEntry, WorkflowState
from wagtail.permissions import page_permission_policy

from pages.newsroom.editing import permissions
from pages.newsroom.keeping_public import deleting_for_good
from tests.factories import ArticlePageFactory, SectionPageFactory

ROLES = ["admin", "editor", "chief_editor", "section_editor", "only_changes", "left"]
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
def only_changes(admin, home):
    """One who may change every page and add none."""
    group = Group.objects.create(name="Granskare")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(
        group=group, page=Page.get_first_root_node(), permission=permission
    )
    user = get_user_model().objects.create_user("granskare")
    user.groups.add(group)
    return user


@pytest.fixture
def left(editor):
    """One whose account is closed."""
    user = get_user_model().objects.create_user("slutat", is_active=False)
    user.groups.set(editor.groups.all())
    return user


@pytest.fixture
def two_sections(admin, section, home):
    """A page in the section and one beside it, both in the workflow, and one that is deleted."""
    other = SectionPageFactory(parent=home, slug="annat")
    for parent, title in ((section, "Spaning i sektionen"), (other, "Spaning bredvid")):
        page = ArticlePageFactory(parent=parent, title=title, live=False, owner=admin)
        page.save_revision(user=admin, log_action=True)
        page.get_workflow().start(page, admin)
    below = SectionPageFactory(parent=other)
    page = ArticlePageFactory(parent=below)
    page.save_revision(user=admin, log_action=True)
    with deleting_for_good("a test"):
        action = DeletePageAction(Page.objects.get(pk=below.pk), user=admin)
        action.execute(skip_permission_checks=True)


def test_each_meets_the_pages_that_wagtail_says(request, two_sections):
    for role in ROLES:
        user = request.getfixturevalue(role)
        policy = page_permission_policy
        if user.is_active:
            known = set(permissions._explorable_instances(policy, user))
            assert set(policy.explorable_instances(user)) == known
            entries = set(permissions._viewable_by_user(PageLogEntry.objects, user))
            assert set(PageLogEntry.objects.viewable_by_user(user)) == entries
        for action in ACTIONS:
            # Nobody holds "publish" any longer: Wagtail's lists for those who do are for those who write.
            as_wagtail_says = "change" if action == "publish" else action
            known = set(permissions._instances_for(policy, user, {as_wagtail_says}))
            assert set(policy.instances_user_has_permission_for(user, action)) == known


def test_the_report_on_workflows_looks_among_the_pages_that_wagtail_says(request, two_sections):
    for role in ROLES:
        asking = RequestFactory().get("/")
        asking.user = request.getfixturevalue(role)
        known = WorkflowState.objects.filter(object_id__in=permissions._editable_page_ids(asking))
        keys = permissions.workflows.get_editable_page_ids_query(asking)
        assert set(WorkflowState.objects.filter(object_id__in=keys)) == set(known)


def test_one_who_may_edit_a_section_meets_nothing_beside_it(client, section_editor, two_sections):
    client.force_login(section_editor)
    for address in LISTS:
        html = client.get(address).content.decode()
        assert "Spaning i sektionen" in html
        assert "Spaning bredvid" not in html


def test_of_one_who_may_edit_all_it_is_asked_of_no_page_whether_it_lies_below_the_root(
    client, chief_editor, two_sections
):
    client.force_login(chief_editor)
    for address in [*LISTS, "/admin/reports/aging-pages/"]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert [query["sql"] for query in captured if "LIKE '0001%" in query["sql"]] == []
