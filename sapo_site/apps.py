from django.apps import AppConfig
from django.conf import settings
from wagtail import signals
from wagtail.admin import apps as wagtail_admin
from wagtail.users import apps as wagtail_users

from .patches import CMS, PAGES, VISITORS, ChangedError, apply_patches

_MAILS_OF_WAGTAIL = {
    "group_approval_task_submitted": (signals.task_submitted, "TaskState"),
    "workflow_state_submitted": (signals.workflow_submitted, "WorkflowState"),
    "workflow_state_rejected": (signals.workflow_rejected, "WorkflowState"),
    "workflow_state_approved": (signals.workflow_approved, "WorkflowState"),
}


class SapoSiteConfig(AppConfig):
    name = "sapo_site"
    default = True

    def ready(self) -> None:
        from .receivers import connect_receivers

        connect_receivers()
        apply_patches(PAGES)
        apply_patches(CMS if "editorial" in settings.ROLES else VISITORS)


class UsersConfig(wagtail_users.WagtailUsersAppConfig):
    """Wagtail's accounts, with a form that asks why an account is closed."""

    default = False
    user_viewset = "sapo_site.accounts.account_screens.AccountViewSet"


class AdminConfig(wagtail_admin.WagtailAdminAppConfig):
    """Wagtail's CMS without the mails of its own workflow: the newsroom tells people itself."""

    default = False

    def ready(self) -> None:
        super().ready()
        for name, (signal, model) in _MAILS_OF_WAGTAIL.items():
            sender = self.apps.get_model("wagtailcore", model)
            if not signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification"):
                raise ChangedError(f"{name}: Wagtail mails it in another way")
