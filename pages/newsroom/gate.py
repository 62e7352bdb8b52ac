"""The only hand that makes something public. It asks the rule, opens a permit, and checks what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name
from wagtail.models import DraftStateMixin, Page, Revision

from pages.content.publishing.roles import groups_of
from pages.ground.models import ContentVersion
from pages.newsroom.models import (
    Approval,
    Confirmation,
    Ending,
    Proposal,
    Publication,
    Submission,
    SubmittedItem,
)

from .companions import companion_digests, file_named
from .digest import compared, content_digest_of, digest_of_version, key_of, kind_of, object_of
from .leading_on import lead_on
from .permit import permitted
from .proposals import act_of, object_of_proposal, title_of
from .rule import Change, Verdict, change_of, roles_in


class NotConfirmed(PermissionDenied):
    """Nobody, or only one, has confirmed exactly this. Its text is a sentence for editors."""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or gettext(
            "This has not been approved by two persons. Send it for approval."
        )
        super().__init__(self.sentence)

    @property
    def messages(self) -> list[str]:
        """As a ValidationError has them."""
        return [self.sentence]


def write_confirmation(user: User, change: Change, way: str, **more: Any) -> Confirmation:
    """Writes down that the user, in the role of now, stands behind exactly this."""
    return Confirmation.objects.create(
        person=user,
        person_name=get_user_display_name(user),
        kind=change.kind,
        key=change.key,
        digest=change.digest,
        along=dict(change.companions),
        way=way,
        **roles_in(groups_of(user)),
        **more,
    )


def write_approval(
    item: SubmittedItem, verdict: Verdict, user: User, now: datetime, due_at: datetime | None = None
) -> Approval:
    """Writes down who stand behind an item of a submission, and on which ground; uses their words up."""
    return _approve(
        user,
        verdict.sufficient,
        kind=item.kind,
        key=item.key,
        digest=item.digest,
        ground=verdict.ground,
        submission=item.submission,
        revision=item.revision,
        proposal=item.proposal,
        decided_at=now,
        due_at=due_at,
    )


def _approve(user: User | None, words: Sequence[Confirmation], **said: Any) -> Approval:
    """The approval. Each word on it is used up: to make the same public once more takes new ones."""
    approval = Approval.objects.create(confirmations=[each.pk for each in words], **said)
    given = Confirmation.objects.filter(kind=approval.kind, key=approval.key)
    end_confirmations(given.filter(digest=approval.digest), Ending.Why.USED_UP, user)
    return approval


def carry_out(
    approval: Approval, user: User | None, just_decided: Change | None = None
) -> Publication | None:
    """Makes public what was approved, all of it or, with an exception, nothing.

    `just_decided` is what the rule has just answered about, in the same transaction and with nothing
    done since: its companions are not asked for again. Raises NotConfirmed when it is not what
    was confirmed any more. None when it waits for its time, or is an act that writes publications of
    its own.
    """
    with transaction.atomic():
        ContentVersion.hold()
        if approval.proposal is not None:
            _act(approval, approval.proposal, user)
            return None
        revision: Any = approval.revision
        version: Any = just_decided.version if just_decided else revision.as_object()
        if digest_of_version(revision, version) != approval.digest:
            raise NotConfirmed(_sentence_on_change(version))
        if compared(revision, version).gone:
            raise NotConfirmed(_sentence_on_former_code(version))
        companions = just_decided.companions if just_decided else companion_digests(version)
        if just_decided is None:
            _refuse_exchanged(approval, companions)
        return _publish(approval, revision, version, companions, user)


def _act(approval: Approval, proposal: Proposal, user: User | None) -> None:
    act = act_of(proposal)
    # Once more: what was sent together with it may have been done a moment ago.
    act.refuse(object_of_proposal(proposal), proposal.parameters)
    act.carry_out(proposal, approval, user)
    Proposal.objects.filter(pk=proposal.pk).update(carried_out_at=timezone.now())


def _refuse_exchanged(approval: Approval, companions: Mapping[str, str]) -> None:
    for word in approval.words:
        for name, digest in companions.items():
            if word.along.get(name) != digest:
                raise NotConfirmed(sentence_on_file(name, word.person_name))


def sentence_on_file(name: str, person: str) -> str:
    """Says that a picture or file was exchanged after the person confirmed."""
    text = gettext(
        "“%(name)s” was replaced after %(person)s approved. %(person)s must approve again."
    )
    return text % {"name": file_named(name) or name, "person": person}


def _sentence_on_change(version: Model) -> str:
    return gettext("“%(title)s” has been changed since it was approved.") % {
        "title": title_of(version)
    }


def _sentence_on_former_code(version: Model) -> str:
    return gettext(
        "“%(title)s” was approved for an earlier release of the website, which had other fields. "
        "Open it, save it and send it for approval again."
    ) % {"title": title_of(version)}


def _publish(
    approval: Approval,
    revision: Revision,
    version: DraftStateMixin,
    companions: Iterable[str],
    user: User | None,
) -> Publication | None:
    how = Publication.How.PUBLISHED
    kind, key = kind_of(version), key_of(version)
    before: Any = object_of(kind, key)
    is_out = before.live and before.live_revision_id == revision.pk
    if is_out and not compared(revision, before).differing:
        # Such as what was public before the rule: two stand behind it now, and readers meet no change.
        return note_public(before, approval, how, revision=revision, user=user)
    # Their addresses change with its own.
    is_renamed = isinstance(before, Page) and before.slug != version.slug
    below = before.get_descendants() if is_renamed else ()
    with permitted(version, *below):
        version.publish(revision, user=user, skip_permission_checks=True)
        stored: Any = object_of(kind, key)
        if isinstance(stored, Page) and before.live and stored.live:
            lead_on(stored, before)
    revision.refresh_from_db(fields=["approved_go_live_at"])
    if revision.approved_go_live_at is not None:
        return None
    if stored is None or not stored.live or compared(revision, stored).differing:
        # Such as a reference to a picture that is gone, which Wagtail empties.
        raise NotConfirmed(_sentence_on_change(version))
    for file in filter(None, map(file_named, companions)):
        note_public(file, approval, how, user=user)
    return note_public(stored, approval, how, revision=revision, user=user)


def note_public(
    stored: Model,
    approval: Approval | None,
    how: str,
    *,
    revision: Revision | None = None,
    user: User | None = None,
    **more: Any,
) -> Publication:
    """Writes down what readers meet of the object from now on, and ends words on other versions."""
    is_public = how in (Publication.How.PUBLISHED, Publication.How.CARRIED)
    kind, key = kind_of(stored), key_of(stored)
    publication = Publication.objects.create(
        approval=approval,
        kind=kind,
        key=key,
        revision=revision,
        live_digest=public_digest_of(stored, revision) if is_public else "",
        title=title_of(stored),
        how=how,
        **more,
    )
    others = Confirmation.objects.filter(kind=kind, key=key, ending__isnull=True)
    if is_public and approval is not None and approval.proposal is None:
        # A new text says nothing of an act that waits, such as the order of the pages below.
        others = others.exclude(digest__in=digests_of_acts(kind, key))
    why = Ending.Why.USED_UP if is_public else Ending.Why.WITHDRAWN
    end_confirmations(others, why, user)
    return publication


def public_digest_of(stored: Model, revision: Revision | None) -> str:
    """The digest of what is public of an object: of its version, where it has versions."""
    return content_digest_of(stored) if revision is None else digest_of_version(revision, stored)


def digests_of_acts(kind: str, key: str) -> QuerySet[Any]:
    """The digests of all acts about an object that were ever sent."""
    acts = SubmittedItem.objects.filter(kind=kind, key=key, proposal__isnull=False)
    return acts.values("digest")


def end_confirmations(confirmations: Any, why: str, user: User | None = None) -> int:
    """Ends these confirmations, of those that still hold; how many there were."""
    standing = confirmations.filter(ending__isnull=True)
    rows = [Ending(confirmation=each, by=user, why=why) for each in standing]
    return len(Ending.objects.bulk_create(rows))


def put_out_on_ground(
    sendable: Revision | Proposal,
    ground: str,
    user: User | None = None,
    reason: str = "",
    confirmations: Sequence[Confirmation] = (),
) -> Approval:
    """Carries out a version or an act on a ground other than two persons: an emergency, or the demo's content."""
    if ground == Approval.Ground.DEMO and not getattr(settings, "DEMO", False):
        raise NotConfirmed
    with transaction.atomic():
        ContentVersion.hold()
        change = change_of(sendable)
        is_act = isinstance(sendable, Proposal)
        approval = _approve(
            user,
            confirmations,
            kind=change.kind,
            key=change.key,
            digest=change.digest,
            ground=ground,
            reason=reason,
            revision=None if is_act else sendable,
            proposal=sendable if is_act else None,
        )
        carry_out(approval, user)
        return approval


def close(
    submission: Submission, outcome: str, user: User | None, now: datetime, note: str = ""
) -> None:
    """Closes what was sent."""
    submission.outcome, submission.closed_by, submission.closed_at = outcome, user, now
    submission.closing_note = note
    submission.save(update_fields=["outcome", "closed_by", "closed_at", "closing_note"])
