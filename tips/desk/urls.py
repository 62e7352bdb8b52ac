"""The desk's addresses, below /tipsmottagning/."""

from django.urls import URLPattern, path, re_path

from . import (
    api,
    arrivals_api,
    gate,
    login_api,
    page_files,
    search_api,
    views_api,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", page_files.desk_page, name="queue"),
    path("tips/<uuid:tip_id>/", page_files.desk_page, name="tip"),
    path("nyckel/", page_files.key_page, name="key"),
    path("api/ko/", api.tips, name="api_queue"),
    path("api/ko/nytt/", api.news, name="api_news"),
    path("api/tips/<uuid:tip_id>/oppna/", api.opened_tip, name="api_open"),
    path("api/tips/<uuid:tip_id>/filer/<uuid:file_id>/", api.attachment, name="api_attachment"),
    path("api/tips/<uuid:tip_id>/forseglat.zip", api.sealed_bundle, name="api_bundle"),
    path("api/tips/<uuid:tip_id>/anteckningar/", api.add_note, name="api_note"),
    path("api/steg/", api.take_signed, name="api_act"),
    path("api/genomsokning/", search_api.begin_search),
    path("api/genomsokning/texter/", search_api.texts),
    path("api/ankomster/", arrivals_api.arrivals, name="api_arrivals"),
    path("api/nyckelring/", api.trust, name="api_trust"),
    path("api/omslag/", api.headers, name="api_headers"),
    path("api/gallring/", views_api.purges),
    path("api/stopp/", views_api.stops),
    path("api/register/", views_api.tips_of_period),
    path("api/register/register.csv", views_api.as_csv),
    path("api/handelser/", views_api.event_log),
    path("api/utmaning/", login_api.challenge),
    path("api/logga-in/", login_api.log_in),
    path("api/logga-ut/", login_api.end_login),
    # An address that does not exist has the desk's headers too, and stands in no log.
    re_path(r"^api/(?:.*/)?$", gate.missing, name="missing"),
    # Whatever else the script shows: it knows itself what there is.
    re_path(r"^(?:.*/)?$", page_files.desk_page, name="page"),
]
