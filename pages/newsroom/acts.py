"""Moving, ordering and taking away what is public."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import DraftStateMixin, Page

from pages.content.models import Alert, PageTopic, ThreatLevelDecision, Topic, WithdrawalReason
from pages.content.tree.addresses import address_of, is_start
from pages.ground.json_types import JsonObject
from pages.newsroom.models import Approval, Proposal, Publication

from .digest import ORDER, digest_of_act, key_of, kind_of
from .file_acts import DescribeAct, ReplaceAct
from .gate import note_public
from .leading_on import lead_on
from .permit import permitted
from .proposals import Act, object_of_proposal, register_act, title_of
from .submissions import stop_all_about
from .withdrawals import pages_that_go, refuse_withdrawal, withdraw_page

_MOST_NAMED = 20


def _page(key: Any) -> Page | None:
    return Page.objects.filter(pk=key).first() if key else None


def _name(key: Any) -> str:
    page = _page(key)
    if page is None:
        return gettext("a page that is gone")
    # Others may have the same title.
    return f"{title_of(page.specific)} ({address_of(page.url_path) or page.slug})"


def _names_of(keys: Iterable[int]) -> str:
    """The titles of pages, in the order of the tree; of many only the first."""
    pages = Page.objects.filter(pk__in=keys).specific().order_by("path")
    titles = [f"”{title_of(page)}”" for page in pages[:_MOST_NAMED]]
    more = pages.count() - len(titles)
    said = ", ".join(titles)
    if more > 0:
        said = gettext("%(names)s and %(count)d more") % {"names": said, "count": more}
    return said


def _keys_of_public(page: Page) -> list[int]:
    """The page, if readers meet it, and all below it that they meet."""
    return sorted(pages_that_go(page).values_list("pk", flat=True))


def _refuse_others(page: Page, keys: Any) -> None:
    """Refuses it if other pages would go along than those that were counted when it was proposed."""
    if _keys_of_public(page) != keys:
        raise ValidationError(
            gettext(
                "Pages have come or gone below it meanwhile. Look at it again and send it anew."
            )
        )


class WithdrawAct(Act):
    """Takes a page with all below it, or a row of a register, from the readers."""

    name = "withdraw"
    label = _("Take off the website")
    may_be_emergency = True

    def complete(self, obj: DraftStateMixin, parameters: JsonObject) -> JsonObject:
        if isinstance(obj, Alert):
            return {"earlier": [each.pk for each in obj.earlier()]}
        if not isinstance(obj, Page):
            return {}
        is_replaced = parameters.get("reason") == WithdrawalReason.REPLACED
        return {
            "reason": parameters.get("reason", ""),
            "replaced_by": parameters.get("replaced_by") if is_replaced else None,
            "pages": _keys_of_public(obj),
        }

    def refuse(self, obj: DraftStateMixin, parameters: JsonObject) -> None:
        if isinstance(obj, Page):
            refuse_withdrawal(
                obj, parameters.get("reason", ""), _page(parameters.get("replaced_by"))
            )
            _refuse_others(obj, parameters.get("pages"))
        elif isinstance(obj, ThreatLevelDecision):
            raise ValidationError(
                gettext(
                    "A decision on the level is never changed. Make a new one that corrects it."
                )
            )
        elif not isinstance(obj, DraftStateMixin) or not obj.live:
            raise ValidationError(gettext("Readers do not meet it."))
        elif isinstance(obj, Topic):
            self._refuse_topic_in_use(obj)
        elif isinstance(obj, Alert):
            self._refuse_other_messages(obj, parameters.get("earlier", []))

    def _refuse_other_messages(self, alert: Alert, earlier: list[int]) -> None:
        if [each.pk for each in alert.earlier()] != earlier:
            raise ValidationError(
                gettext("Other messages are out meanwhile. Look at it again and send it anew.")
            )

    def _refuse_topic_in_use(self, topic: Topic) -> None:
        count = PageTopic.objects.filter(topic=topic, page__live=True).count()
        if count:
            raise ValidationError(
                ngettext(
                    "The topic is used on %(count)d published page. Take it away there first.",
                    "The topic is used on %(count)d published pages. Take it away there first.",
                    count,
                )
                % {"count": count}
            )

    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        said = [gettext("“%(title)s” is removed from the website.") % {"title": title_of(obj)}]
        if isinstance(obj, Alert) and parameters.get("earlier"):
            said.append(gettext("The earlier messages, whose place it took, do not come back."))
        if not isinstance(obj, Page):
            return said
        if parameters["reason"] == "replaced":
            target = _name(parameters["replaced_by"])
            said.append(gettext("Readers are led to “%(title)s”.") % {"title": target})
        elif parameters["reason"] == "outdated":
            said.append(gettext("Readers see its title, the date and how to request it."))
        else:
            said.append(gettext("Readers only see that the page has been removed."))
        below = len(parameters["pages"]) - 1
        if below:
            text = ngettext(
                "%(count)d page lies below it and is removed in the same way.",
                "%(count)d pages lie below it and are removed in the same way.",
                below,
            )
            said.append(text % {"count": below})
            said.append(_names_of(key for key in parameters["pages"] if key != obj.pk))
        return said

    def carry_out(self, proposal: Proposal, approval: Approval, user: User | None) -> None:
        obj: Any = object_of_proposal(proposal)
        going = list(pages_that_go(obj).specific()) if isinstance(obj, Page) else [obj]
        if isinstance(obj, Alert):  # those whose place it took would else stand there again
            going += obj.earlier()
        with permitted(*going):
            if isinstance(obj, Page):
                given = proposal.parameters
                withdraw_page(obj, given["reason"], _page(given.get("replaced_by")), user)
            else:
                for each in going:
                    UnpublishAction(each, user=user).execute(skip_permission_checks=True)
        for each in going:
            note_public(each, approval, Publication.How.WITHDRAWN, user=user)
            stop_all_about(each, user, but=approval.submission)


class MoveAct(Act):
    """Moves a page, with all below it, to another section."""

    name = "move"
    label = _("Move")

    def complete(self, obj: DraftStateMixin, parameters: JsonObject) -> JsonObject:
        above = obj.get_parent()
        return {
            "from": above.pk if above else None,
            "to": parameters.get("to"),
            "pages": _keys_of_public(obj),
        }

    def refuse(self, obj: DraftStateMixin, parameters: JsonObject) -> None:
        if is_start(obj):
            raise ValidationError(gettext("A start page cannot be moved."))
        above: Any = obj.get_parent()
        if above.pk != parameters.get("from"):
            raise ValidationError(
                gettext("The page has been moved meanwhile. Look at it again and send it anew.")
            )
        _refuse_others(obj, parameters.get("pages"))
        target = _page(parameters.get("to"))
        if target is None or not self._may_lie_below(obj.specific, target):
            raise ValidationError(gettext("The page cannot be moved there."))
        if target.pk == above.pk:
            raise ValidationError(gettext("The page lies there already."))
        if not target.live or not address_of(target.url_path):
            raise ValidationError(
                gettext("Readers cannot read that page. Choose one that is published.")
            )
        taken = target.get_children().filter(slug=obj.slug).exclude(pk=obj.pk).first()
        if taken is not None:
            raise ValidationError(
                gettext("The address is taken by “%(title)s”. Change the address.")
                % {"title": taken}
            )

    def _may_lie_below(self, page: Any, target: Page) -> bool:
        return (
            not target.is_descendant_of(page)
            and target.pk != page.pk
            and target.locale_id == page.locale_id
            and page.can_move_to(target.specific)
        )

    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        below = len(set(parameters["pages"]) - {obj.pk})
        said = [
            gettext("“%(title)s” is moved from “%(before)s” to “%(after)s”.")
            % {
                "title": title_of(obj),
                "before": _name(parameters["from"]),
                "after": _name(parameters["to"]),
            },
            gettext("Old addresses lead on to the new ones."),
        ]
        if below:
            text = ngettext(
                "%(count)d page below it goes along.", "%(count)d pages below it go along.", below
            )
            said.append(text % {"count": below})
        return said

    def carry_out(self, proposal: Proposal, approval: Approval, user: User | None) -> None:
        page: Any = Page.objects.get(pk=proposal.key).specific
        target = Page.objects.get(pk=proposal.parameters["to"])
        before = type(page)._base_manager.get(pk=page.pk)
        with permitted(*page.get_descendants(inclusive=True)):
            MovePageAction(page, target, pos="last-child", user=user).execute(
                skip_permission_checks=True
            )
            moved = Page.objects.get(pk=page.pk).specific
            lead_on(moved, before)
        if moved.live:
            former = Publication.last_of(kind_of(moved), key_of(moved))
            note_public(
                moved,
                approval,
                Publication.How.CARRIED,
                user=user,
                revision=moved.live_revision,
                carried_from=former,
            )


class OrderAct(Act):
    """Orders the pages below a page as menus and lists show them."""

    name = kind = ORDER
    label = _("Order the pages below")

    def refuse(self, obj: DraftStateMixin, parameters: JsonObject) -> None:
        now = list(obj.get_children().live().values_list("pk", flat=True))
        if sorted(parameters.get("children", [])) != sorted(now):
            raise ValidationError(
                gettext("Pages have come or gone meanwhile. Look at the order again.")
            )

    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        found = Page.objects.specific().in_bulk(parameters["children"])
        wanted = [key for key in parameters["children"] if key in found]
        now = obj.get_children().live().values_list("pk", flat=True)
        before = {key: number for number, key in enumerate(now, 1)}
        return [
            self._line(number, title_of(found[key]), before.get(key, number))
            for number, key in enumerate(wanted, 1)
        ]

    def _line(self, number: int, title: str, before: int) -> str:
        said = {"number": number, "title": title, "before": before}
        if number == before:
            return f"{number}. {title}"
        return gettext("%(number)d. %(title)s (before: %(before)d)") % said

    def carry_out(self, proposal: Proposal, approval: Approval, user: User | None) -> None:
        parent = Page.objects.get(pk=proposal.key)
        keys = proposal.parameters["children"]
        now, in_place = list(parent.get_children().values_list("pk", flat=True)), 0
        # Drafts stay last, as new pages do.
        wanted = [*keys, *(key for key in now if key not in keys)]
        while in_place < len(wanted) and wanted[in_place] == now[in_place]:
            in_place += 1
        with permitted(*parent.get_descendants()):
            for key in wanted[in_place:]:
                page = Page.objects.get(pk=key)
                MovePageAction(page, Page.objects.get(pk=parent.pk), "last-child", user).execute(
                    skip_permission_checks=True
                )
        Publication.objects.create(
            approval=approval,
            kind=ORDER,
            key=str(parent.pk),
            live_digest=order_digest(proposal.key, keys),
            title=title_of(parent),
            how=Publication.How.PUBLISHED,
        )


def order_digest(parent_key: str, keys: list[int]) -> str:
    """The digest of an order of the pages below a page."""
    return digest_of_act(ORDER, ORDER, parent_key, {"children": keys})


def register_acts() -> None:
    """Lets each act be found by its name, before anything is proposed."""
    for act in (WithdrawAct(), MoveAct(), OrderAct(), DescribeAct(), ReplaceAct()):
        register_act(act)
