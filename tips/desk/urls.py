"""The desk's addresses, below /tipsmottagning/."""

from django.urls import URLPattern, path, re_path

from . import (
    account_api,
    api,
    gate,
    login_api,
    login_pages,
    people_api,
    texts_page,
    views,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.desk, name="queue"),
    path("tips/<uuid:tip_id>/", views.desk, name="tip"),
    path("tips/<uuid:tip_id>/forseglat.zip", views.sealed_bundle, name="sealed_bundle"),
    path("logga-in/", login_pages.login_pages, name="log_in"),
    path("ny/", login_pages.login_pages, name="first_time"),
    path("konto/", login_pages.login_pages, name="account"),
    path("personer/", login_pages.login_pages, name="colleagues"),
    path("logga-ut/", views.log_out, name="log_out"),
    path("nycklar/", views.keyring, name="keys"),
    path("gallring/", views.purge_page, name="purge"),
    path("register/", views.register_page, name="register"),
    path("register/register.csv", views.register_csv, name="register_csv"),
    path("handelser/", views.event_log, name="events"),
    path("texter/", texts_page.texts, name="texts"),
    path("api/ko/", api.tips, name="api_queue"),
    path("api/ko/nytt/", api.news, name="api_news"),
    path("api/tips/<uuid:tip_id>/oppna/", api.opened_tip, name="api_open"),
    path("api/tips/<uuid:tip_id>/filer/<uuid:file_id>/", api.attachment, name="api_attachment"),
    path("api/tips/<uuid:tip_id>/steg/", api.take_a_step, name="api_step"),
    path("api/tips/<uuid:tip_id>/anteckningar/", api.add_note, name="api_note"),
    path("api/nyckelring/", api.trust, name="api_trust"),
    path("api/omslag/", api.headers, name="api_headers"),
    path("api/logga-in/", login_api.log_in),
    path("api/logga-in/igen/", login_api.second_step),
    path("api/logga-ut/", login_api.end_login),
    path("api/ny/", login_api.first_password),
    path("api/konto/", account_api.own_account),
    path("api/konto/nyckel/", account_api.passkey),
    path("api/konto/totp/", account_api.app),
    path("api/konto/koder/", account_api.recovery_codes),
    path("api/konto/ta-bort/", account_api.remove_own_factor),
    path("api/konto/losenord/", account_api.password),
    path("api/konto/sessioner/", account_api.end_own_session),
    path("api/fraga-igen/", account_api.prove_again),
    path("api/personer/", people_api.colleagues),
    path("api/personer/stang/", people_api.close_colleague),
    # An address that does not exist has the desk's headers too, and stands in no log.
    re_path(r"^(?:.*/)?$", gate.missing, name="missing"),
]
