"""What the CMS does with decisions on the level: public ones stay, and are corrected by others."""

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.utils import set_query_params
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from pages.content.models import ThreatLevelDecision
from pages.ground.whole_numbers import whole_number

_COPIED = ("level", "decided_at", "hour_is_known", "decided_by", "text", "text_in_english")


class CorrectingCreateView(CreateView):
    """Starts from the decision that is to be corrected, if there is one."""

    def get_initial_form_instance(self) -> ThreatLevelDecision | None:
        key = self.request.GET.get("corrects", "")
        wrong = ThreatLevelDecision.objects.public().filter(pk=whole_number(key) or 0).first()
        if wrong is None:
            return None
        copied = {name: getattr(wrong, name) for name in _COPIED}
        return ThreatLevelDecision(corrects=wrong, live=False, **copied)


def keep_decision(request: HttpRequest, instance: Model) -> HttpResponse | None:
    """Leads from a change of a public decision to a new one that corrects it."""
    if not isinstance(instance, ThreatLevelDecision) or not instance.was_public:
        return None
    viewset: SnippetViewSet = instance.snippet_viewset
    correct = set_query_params(reverse(viewset.get_url_name("add")), {"corrects": instance.pk})
    messages.error(
        request,
        gettext("A decision on the level is never changed. Make a new one that corrects it."),
        buttons=[messages.button(correct, gettext("Make a new one that corrects this"))],
    )
    return redirect(viewset.get_url_name("inspect"), quote(instance.pk))


def keep_decisions(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Does the same when one or several are to be deleted."""
    return next(filter(None, (keep_decision(request, each) for each in instances)), None)
