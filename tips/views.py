"""What a person meets who wants to tell the agency something."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """How to reach the agency with a tip."""
    return render(request, "tips/start.html")
