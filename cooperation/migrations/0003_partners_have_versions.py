"""Each partner gets the version that readers meet, as Wagtail would write it.

Without one, the partner would be taken down when a change of it is scheduled.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def give_versions(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    now = timezone.now()
    model = apps.get_model("cooperation", "Partner")
    columns = {each.name: each.attname for each in model._meta.concrete_fields if each.serialize}
    for row in model.objects.values("pk", *columns.values()):
        revision = apps.get_model("wagtailcore", "Revision").objects.create(
            content_type_id=_content_type(apps),
            base_content_type_id=_content_type(apps),
            object_id=str(row["pk"]),
            object_str=row["name"],
            content={"pk": row["pk"], **{name: row[column] for name, column in columns.items()}},
            created_at=now,
        )
        model.objects.filter(pk=row["pk"]).update(
            live_revision=revision,
            latest_revision=revision,
            first_published_at=now,
            last_published_at=now,
        )


def _content_type(apps: Apps) -> int:
    kept = apps.get_model("contenttypes", "ContentType").objects
    return kept.get_or_create(app_label="cooperation", model="partner")[0].pk


def take_versions_away(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    # Loses data: on the way back, drafts would be public; they go, with all versions.
    its = {"base_content_type_id": _content_type(apps)}
    apps.get_model("cooperation", "Partner").objects.filter(live=False).delete()
    apps.get_model("wagtailcore", "WorkflowState").objects.filter(**its).delete()
    apps.get_model("wagtailcore", "Revision").objects.filter(**its).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cooperation", "0002_partners_become_drafts"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_versions, take_versions_away)]
