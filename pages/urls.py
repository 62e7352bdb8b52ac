"""The public addresses. The words in them are Swedish in every language."""

from collections.abc import Callable

from django.contrib.syndication.views import Feed
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control

from .public.reading import feeds, views
from .public.reading.calendar import calendar
from .public.reading.for_machines.as_json import messages_json, schema, threat_level_json
from .public.reading.for_machines.atom import LevelAtom, MessagesAtom
from .public.reading.for_machines.data_catalogue import data_catalogue
from .public.reading.for_machines.said import for_everybodys_programs
from .public.reading.topic_pages import topic, topic_list
from .public.reading.what_was_said import said_sheet, what_was_said
from .search.view import search, suggestions


def _feed(feed: Feed) -> Callable[..., HttpResponse]:
    return for_everybodys_programs(cache_control(public=True, max_age=300)(feed))


named = (
    [
        path("sok/", search, name="search"),
        path("sok/forslag/", suggestions, name="search_suggestions"),
        path("amnen/", topic_list, name="topic_list"),
        path("amnen/<slug:slug>/", topic, name="topic"),
        path("amnen/<slug:slug>.rss", _feed(feeds.TopicRSS()), name="topic_rss"),
        path("amnen/<slug:slug>.atom", _feed(feeds.TopicAtom()), name="topic_atom"),
        path("amnen/<slug:slug>.json", _feed(feeds.TopicJSON()), name="topic_json"),
        path("nyheter.rss", _feed(feeds.NewsRSS()), name="news_rss"),
        path("nyheter.atom", _feed(feeds.NewsAtom()), name="news_atom"),
        path("nyheter.json", _feed(feeds.NewsJSON()), name="news_json"),
        # Of what happens now no cache on the way keeps anything longer than of the pages.
        path("terrorhotniva.json", threat_level_json, name="threat_level_json"),
        path("terrorhotniva.atom", for_everybodys_programs(LevelAtom()), name="threat_level_atom"),
        path("terrorhotniva.schema.json", schema, {"name": "level"}, name="threat_level_schema"),
        path("meddelanden.json", messages_json, name="messages_json"),
        path("meddelanden.atom", for_everybodys_programs(MessagesAtom()), name="messages_atom"),
        path("meddelanden.schema.json", schema, {"name": "messages"}, name="messages_schema"),
        # Where dataportal.se looks for it.
        path("datasets/dcat", data_catalogue, name="data_catalogue"),
        path("kontrollera/", what_was_said, name="what_was_said"),
        re_path(
            r"^kontrollera/(nyckel|senaste|\d{8}T\d{6}Z)\.(txt|sig|pem)$",
            said_sheet,
            name="said_sheet",
        ),
        path("kakor/stang/", views.close_cookie_notice, name="close_cookie_notice"),
        re_path(r"^(?P<path>(?:[\w-]+/)+)kalender\.ics$", calendar, name="calendar"),
        re_path(r"^(?P<path>[\w/-]+)\.html$", views.old_address, name="old_address"),
    ],
    "pages",
)

urlpatterns = [
    path("", include(named)),
    # Wagtail writes the addresses of pages with the help of this name. Its own view makes two
    # queries for every part of the address, ours a single one.
    re_path(r"^((?:[\w\-]+/)*)$", views.serve, name="wagtail_serve"),
]
