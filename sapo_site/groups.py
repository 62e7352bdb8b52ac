"""The groups of the CMS and what each may do, and the approval workflow."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from tips.handling.handlers import TIPS_GROUP

from .models import TipTexts

EDITORS = "Redaktörer"
CHIEF_EDITORS = "Chefredaktörer"
HANDLERS = TIPS_GROUP  # handlers open tips, and may do nothing in the CMS
APPROVAL = "Godkännande"
APPROVAL_TASK = "Godkännande av chefredaktör"

# Models other than pages, by what each group may do with them.
_CHOOSE_ONLY = ("pages.topic", "pages.contact", "pages.threatleveldecision", "cooperation.partner")
_HELP_TO_FIND = ("pages.recommendation", "pages.synonym")
_CHIEF_EDITORS_KEEP = (
    "pages.alert", "pages.contact", "pages.cookienotice", "pages.footer", "pages.recommendation",
    "pages.synonym", "pages.topic", "pages.withdrawal", "cooperation.partner", "wagtailredirects.redirect",
)  # fmt: skip


def set_up_roles() -> None:
    """Editors write and submit; chief editors also approve, publish and keep the registers.

    May run again at any time: it adds what is missing and removes nothing of ours.
    """
    _take_away_what_wagtail_made()

    editors, _ = Group.objects.get_or_create(name=EDITORS)
    chief_editors, _ = Group.objects.get_or_create(name=CHIEF_EDITORS)
    Group.objects.get_or_create(name=HANDLERS)
    _permit(editors, {"wagtailadmin.admin": ["access"]})
    _permit(chief_editors, {"wagtailadmin.admin": ["access"]})
    _permit(editors, {model: ["view"] for model in _CHOOSE_ONLY})
    _permit(editors, {model: ["view", "add", "change"] for model in _HELP_TO_FIND})
    everything = ["view", "add", "change", "delete"]
    _permit(chief_editors, dict.fromkeys(_CHIEF_EDITORS_KEEP, everything))
    _permit(chief_editors, {"pages.threatleveldecision": ["view", "add"]})
    _permit(editors, {"sapo_site.tiptexts": ["view", "add", "change"]})
    _permit(chief_editors, {"sapo_site.tiptexts": [*everything, "publish"]})
    _permit(chief_editors, {"simple_translation.translation": ["submit"]})

    start = Page.get_first_root_node()
    _permit_pages(editors, start, ["add", "change"])
    _permit_pages(
        chief_editors, start, ["add", "change", "publish", "bulk_delete", "lock", "unlock"]
    )
    library = Collection.get_first_root_node()
    for model in ("wagtailimages.image", "wagtaildocs.document"):
        _permit_files(editors, library, model, ["add", "choose"])
        _permit_files(chief_editors, library, model, ["add", "change", "choose"])

    _set_up_approval(start, chief_editors)


def _take_away_what_wagtail_made() -> None:
    """Deletes the two groups and the workflow with English names."""
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()


def _permission(model: str, action: str) -> Permission:
    app_label, model_name = model.split(".")
    return Permission.objects.get(
        content_type__app_label=app_label,
        codename=f"{action}_{model_name}",
    )


def _permit(group: Group, actions_by_model: dict[str, list[str]]) -> None:
    for model, actions in actions_by_model.items():
        group.permissions.add(*(_permission(model, action) for action in actions))


def _permit_pages(group: Group, page: Page, actions: list[str]) -> None:
    for action in actions:
        permission = _permission("wagtailcore.page", action)
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _permit_files(group: Group, library: Collection, model: str, actions: list[str]) -> None:
    for action in actions:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=library, permission=_permission(model, action)
        )


def _set_up_approval(start: Page, chief_editors: Group) -> None:
    workflow, _ = Workflow.objects.get_or_create(name=APPROVAL)
    task = GroupApprovalTask.objects.filter(name=APPROVAL_TASK).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=APPROVAL_TASK)
        task.groups.add(chief_editors)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=start, defaults={"workflow": workflow})
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(TipTexts), defaults={"workflow": workflow}
    )
