"""The groups of the CMS and what each may do, and the approval workflow."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowMixin,
    WorkflowPage,
    WorkflowTask,
)

from pages.content.models import RegisterEntry
from pages.content.publishing.roles import CHIEF_EDITORS, CONFIRMING, REGISTRARS, ROLES
from pages.newsroom.models import ConfirmationTask

APPROVAL = "Godkännande"
APPROVAL_TASK = "Godkännande av två personer"

_READ_ONLY = ("content.withdrawal",)
_OF_CHIEFS = (
    "checks.phrase", "newsroom.preparedmessage", "newsroom.callnumber", "newsroom.duty",
)  # fmt: skip
# Shows the records in the menu; what may be done with them is asked of the groups.
_RECORDS = "records.weedingproposal"
# Whoever answers readers; a group of its own may be given it (docs/decisions/0059).
_ANSWERED_BY_CHIEFS = "sapo_site.accessibilitymessage"


def set_up_roles() -> None:
    """Editors and chief editors write and send everything alike. Two persons publish. Registrars look back.

    May run again at any time: it adds what is missing, and takes away what nobody may do alone.
    """
    _take_away_what_wagtail_made()
    _take_away_publishing()

    # What else registrars meet in the CMS, `pages.records.registrar.coming_in` says.
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in ROLES}
    for group in groups.values():
        _permit(group, {"wagtailadmin.admin": ["access"]})
    writers = [groups[name] for name in CONFIRMING]
    chief_editors, registrars = groups[CHIEF_EDITORS], groups[REGISTRARS]
    for group in (chief_editors, registrars):
        _permit(group, {_RECORDS: ["view"]})
    # Who may delete deletes drafts, and nothing else (`pages.newsroom.keeping_public`).
    everything = ["view", "add", "change", "delete"]
    for group in writers:
        for register in _registers():
            _permit(group, {register._meta.label_lower: everything})
        _permit(group, {model: ["view"] for model in (*_READ_ONLY, *_OF_CHIEFS)})
        _permit(group, {"simple_translation.translation": ["submit"]})

    # Readers never meet them. Whoever changes a phrase, all chief editors are told.
    _permit(chief_editors, dict.fromkeys(_OF_CHIEFS, everything))

    _permit(chief_editors, {_ANSWERED_BY_CHIEFS: ["view", "change"]})

    start = Page.get_first_root_node()
    for group in writers:
        _permit_pages(group, start, ["add", "change"])
    _permit_pages(chief_editors, start, ["lock", "unlock"])
    library = Collection.get_first_root_node()
    for model in ("wagtailimages.image", "wagtaildocs.document"):
        for group in writers:
            # What readers meet of them changes when two have approved it (`pages.newsroom.guard`).
            _permit_files(group, library, model, ["add", "change", "choose"])

    _set_up_approval(start)


def _registers() -> list[type[RegisterEntry]]:
    return [model for model in apps.get_models() if issubclass(model, RegisterEntry)]


def _take_away_what_wagtail_made() -> None:
    """Deletes the two groups and the workflow with English names, and the right to its redirects."""
    of_redirects = Permission.objects.filter(content_type__app_label="wagtailredirects")
    for group in Group.objects.filter(permissions__in=of_redirects).distinct():
        group.permissions.remove(*of_redirects)
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()


def _take_away_publishing() -> None:
    """No role holds what would publish, or delete with all that lies below, without the newsroom."""
    for action in ("publish_page", "bulk_delete_page"):
        GroupPagePermission.objects.filter(permission__codename=action).delete()
    given = Group.permissions.through.objects
    given.filter(permission__codename__startswith="publish_").delete()


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


def _set_up_approval(start: Page) -> None:
    """Pages and registers are sent to two persons, in whose hands Wagtail's workflow is only a mark."""
    workflow, _ = Workflow.objects.get_or_create(name=APPROVAL)
    task = ConfirmationTask.objects.filter(name=APPROVAL_TASK).first()
    task = task or ConfirmationTask.objects.create(name=APPROVAL_TASK)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=start, defaults={"workflow": workflow})
    for model in apps.get_models():
        if issubclass(model, WorkflowMixin) and not issubclass(model, Page):
            WorkflowContentType.objects.update_or_create(
                content_type=ContentType.objects.get_for_model(model),
                defaults={"workflow": workflow},
            )
