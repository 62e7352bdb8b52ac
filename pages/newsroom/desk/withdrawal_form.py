"""What an editor fills in to have a page withdrawn, and is told when it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from pages.content.models import WithdrawalReason
from pages.newsroom.withdrawals import refuse_withdrawal

# What stands at each choice, and what readers meet if it is chosen.
REASONS = {
    WithdrawalReason.REPLACED: (
        gettext_lazy("It has been replaced by"),
        gettext_lazy("The visitor is taken there at once."),
    ),
    WithdrawalReason.OUTDATED: (
        gettext_lazy("It is no longer current"),
        gettext_lazy("The visitor sees title, date and how to request the page."),
    ),
    WithdrawalReason.MISTAKE: (
        gettext_lazy("It was published by mistake"),
        gettext_lazy("The visitor sees only that the page has been removed."),
    ),
}


class RowWithdrawalForm(forms.Form):
    """What is said of a row of a register that is to be withdrawn."""

    # The digest of what goes along, as it was when the page was shown.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("Message to the one who approves"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawalForm(RowWithdrawalForm):
    """Why a page is to be withdrawn; valid only if `withdraw_page` would do it now."""

    field_order = ("reason", "replaced_by", "note")
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[(reason.value, words) for reason, (words, _met) in REASONS.items()],
        widget=forms.RadioSelect,
    )
    replaced_by = forms.ModelChoiceField(
        label=gettext_lazy("Replaced by"),
        queryset=Page.objects.live(),
        required=False,
        widget=AdminPageChooser,
    )

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page = page

    @property
    def choices(self) -> list[tuple[Any, Any]]:
        """Each reason as it is drawn, with what readers meet if it is chosen."""
        return [
            (radio, REASONS[WithdrawalReason(radio.data["value"])][1]) for radio in self["reason"]
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("reason") != WithdrawalReason.REPLACED:
            given["replaced_by"] = None
        if "reason" in given and "replaced_by" not in self.errors:
            refuse_withdrawal(self._page, given["reason"], given["replaced_by"])
        return given
