"""What is public before two persons could confirm it: the site as it is first built."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision, Site

from pages.ground.models import ContentVersion
from pages.newsroom.models import Approval, Publication

from .companions import files_shown_by
from .digest import compared, key_of, kind_of
from .gate import NotConfirmed, public_digest_of
from .guard import live_objects
from .permit import everything_permitted
from .proposals import title_of


@contextmanager
def building(ground: str) -> Iterator[None]:
    """While it is open a site may be built; what is public at the end is recorded on this ground.

    Refused once anything has been published: what is there already is confirmed by persons.
    """
    with transaction.atomic():
        ContentVersion.hold()
        if Publication.objects.exists():
            raise NotConfirmed
        with everything_permitted():
            yield
        record_all(ground)


@transaction.atomic
def record_all(ground: str = Approval.Ground.BEFORE_THE_RULE) -> int:
    """Records everything that is public and has no publication; how many objects there were."""
    ContentVersion.hold()
    known = set(Publication.objects.values_list("kind", "key"))
    count = 0
    for obj in live_objects():
        # A plain page is the one that Wagtail comes with; ours have types of their own.
        if type(obj) is not Page and (kind_of(obj), key_of(obj)) not in known:
            _record(obj, ground, _version_of(obj))
            count += 1
    for file in files_shown_by(live_objects()):
        if (kind_of(file), key_of(file)) not in known:
            _record(file, ground)
            count += 1
    for site in Site.objects.select_related("root_page"):
        if site.root_page.specific_class is not Page and (kind_of(site), key_of(site)) not in known:
            _record(site, ground)
            count += 1
    return count


def _record(obj: DraftStateMixin, ground: str, revision: Revision | None = None) -> None:
    digest = public_digest_of(obj, revision)
    approval = Approval.objects.create(
        kind=kind_of(obj), key=key_of(obj), digest=digest, ground=ground, revision=revision
    )
    Publication.objects.create(
        approval=approval,
        kind=approval.kind,
        key=approval.key,
        revision=revision,
        live_digest=digest,
        title=title_of(obj),
        how=Publication.How.PUBLISHED,
    )


def _version_of(obj: DraftStateMixin) -> Revision:
    """The version with what is public; if there is none it is made, and not as the newest: a draft may wait.

    Without it Wagtail would take the object down when its next version is scheduled.
    """
    if obj.live_revision is not None and not compared(obj.live_revision, obj).differing:
        return obj.live_revision
    revision = Revision.objects.create(
        content_object=obj,
        base_content_type=obj.get_base_content_type(),
        object_id=str(obj.pk),
        object_str=str(obj),
        content=obj.serializable_data(),
        created_at=obj.last_published_at or timezone.now(),
    )
    columns = {"live_revision": revision}
    if obj.latest_revision_id is None:
        columns["latest_revision"] = revision
    type(obj)._base_manager.filter(pk=obj.pk).update(**columns)
    return revision


def public_since_before() -> QuerySet[Publication]:
    """What is public as it was before the rule, and no two persons have confirmed since.

    Files and the site have no version that could be sent as it stands: they have proposals alone.
    """
    since = Publication.objects.filter(
        kind=OuterRef("kind"), key=OuterRef("key"), pk__gt=OuterRef("pk")
    ).exclude(how=Publication.How.CARRIED)  # moved, or rewritten by new code
    return Publication.objects.filter(
        approval__ground=Approval.Ground.BEFORE_THE_RULE,
        how=Publication.How.PUBLISHED,
        revision__isnull=False,
    ).exclude(Exists(since))
