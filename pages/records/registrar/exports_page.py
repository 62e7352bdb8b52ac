"""The page on which a registrar orders an export and fetches it when it is ready."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from .around import records_page
from .asked_for import DaysForm, lately
from .coming_in import keeps_records
from .exports import MOST_WAITING, all_exports, export_named, order_export


@keeps_records
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports_page(request: HttpRequest) -> HttpResponse:
    """An order is made by a job, so that nobody waits here."""
    form = DaysForm(request.POST or None, initial=lately())
    if form.is_valid():
        if order_export(form.cleaned_data["first"], form.cleaned_data["last"]):
            text = gettext("The export is being made. Come back to this page in a while.")
            messages.success(request, text)
        else:
            text = gettext("%(count)d exports wait already. Order another one when they are ready.")
            messages.error(request, text % {"count": MOST_WAITING})
        return redirect("registrar:exports")
    context = {"form": form, "exports": all_exports()}
    return records_page(request, "exports", context, 422 if form.errors else 200)


@keeps_records
@never_cache
@require_safe
def export_file(request: HttpRequest, name: str) -> FileResponse:
    export = export_named(name)
    if export is None or not export.is_ready:
        raise Http404
    days = f"{export.first_day}--{export.last_day}"
    file, name = export.file.open("rb"), f"webbplatsen-{days}.wacz"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/wacz")
