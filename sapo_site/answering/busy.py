"""What a reader is told who is one too many."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from pages.search.in_turn import TooManySearches

from .error_page import plain_error_page


class BusyMiddleware(MiddlewareMixin):
    """Answers 503 at once where so many search that one more would only wait."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooManySearches):
            return plain_error_page("busy", translation.get_language())
        return None
