"""Each row of a register gets the version that readers meet, as Wagtail would write it.

Without one, the row would be taken down when a change of it is scheduled.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Cast
from django.utils import timezone

# Model -> the field by which lists call its versions.
REGISTERS = {
    "alert": "heading",
    "contact": "name",
    "cookienotice": "heading",
    "footer": "mission",
    "recommendation": "names",
    "synonym": "names",
    "topic": "name",
}
STREAMS = {"contact_links", "legal_links", "social_links"}  # as the JSON that is stored


def give_versions(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    now = timezone.now()
    for name, title in REGISTERS.items():
        model = apps.get_model("pages", name)
        for content in _contents(model):
            revision = apps.get_model("wagtailcore", "Revision").objects.create(
                content_type_id=_content_type(apps, name),
                base_content_type_id=_content_type(apps, name),
                object_id=str(content["pk"]),
                object_str=content[title],
                content=content,
                created_at=now,
            )
            model.objects.filter(pk=content["pk"]).update(
                live_revision=revision,
                latest_revision=revision,
                first_published_at=now,
                last_published_at=now,
            )


def _contents(model: type[models.Model]) -> list[dict[str, Any]]:
    columns = {
        field.name: Cast(field.name, models.TextField())
        if field.name in STREAMS
        else models.F(field.attname)
        for field in model._meta.concrete_fields
        if field.serialize
    }
    rows = model.objects.values_list("pk", *columns.values())
    return [dict(zip(("pk", *columns), row, strict=True)) for row in rows]


def _content_type(apps: Apps, name: str) -> int:
    kept = apps.get_model("contenttypes", "ContentType").objects
    return kept.get_or_create(app_label="pages", model=name)[0].pk


def take_versions_away(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    # Loses data: on the way back, drafts would be public; they go, with all versions.
    drafts = apps.get_model("pages", "Topic").objects.filter(live=False)
    apps.get_model("pages", "PageTopic").objects.filter(topic__in=drafts).delete()
    for name in REGISTERS:
        its = {"base_content_type_id": _content_type(apps, name)}
        apps.get_model("pages", name).objects.filter(live=False).delete()
        apps.get_model("wagtailcore", "WorkflowState").objects.filter(**its).delete()
        apps.get_model("wagtailcore", "Revision").objects.filter(**its).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0006_registers_become_drafts"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_versions, take_versions_away)]
