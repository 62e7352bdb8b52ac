"""The public addresses. The words in them are Swedish in every language."""

from django.urls import include, path, re_path

from . import feeds, search, threat_level, topics, views

named = (
    [
        path("sok/", search.search, name="search"),
        path("amnen/", topics.topic_list, name="topic_list"),
        path("amnen/<slug:slug>/", topics.topic, name="topic"),
        path("amnen/<slug:slug>.rss", feeds.TopicRSS(), name="topic_rss"),
        path("amnen/<slug:slug>.atom", feeds.TopicAtom(), name="topic_atom"),
        path("nyheter.rss", feeds.NewsRSS(), name="news_rss"),
        path("nyheter.atom", feeds.NewsAtom(), name="news_atom"),
        path("terrorhotniva.json", threat_level.threat_level_json, name="threat_level_json"),
        path("kakor/stang/", views.close_cookie_notice, name="close_cookie_notice"),
        re_path(r"^(?P<path>[\w/-]+)\.html$", views.old_address, name="old_address"),
    ],
    "pages",
)

urlpatterns = [
    path("", include(named)),
    # Wagtail writes the addresses of pages with the help of this name. Its own view asks
    # the database twice for every part of the address; ours asks twice in all.
    re_path(r"^((?:[\w\-]+/)*)$", views.serve, name="wagtail_serve"),
]
