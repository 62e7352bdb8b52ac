"""The desk's addresses, below /tipsmottagning/."""

from django.urls import URLPattern, path, re_path

from . import (
    account_api,
    api,
    arrivals_api,
    events_api,
    gate,
    keys_api,
    login_api,
    page_files,
    purge_api,
    register_api,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", page_files.desk_page, name="queue"),
    path("tips/<uuid:tip_id>/", page_files.desk_page, name="tip"),
    path("logga-in/", page_files.login_page, name="log_in"),
    path("ny/", page_files.login_page, name="first_time"),
    path("konto/", page_files.login_page, name="account"),
    path("api/ko/", api.tips, name="api_queue"),
    path("api/ko/nytt/", api.news, name="api_news"),
    path("api/tips/<uuid:tip_id>/oppna/", api.opened_tip, name="api_open"),
    path("api/tips/<uuid:tip_id>/filer/<uuid:file_id>/", api.attachment, name="api_attachment"),
    path("api/tips/<uuid:tip_id>/forseglat.zip", api.sealed_bundle, name="api_bundle"),
    path("api/tips/<uuid:tip_id>/steg/", api.take_a_step, name="api_step"),
    path("api/tips/<uuid:tip_id>/anteckningar/", api.add_note, name="api_note"),
    path("api/ankomster/", arrivals_api.arrivals, name="api_arrivals"),
    path("api/nyckelring/", api.trust, name="api_trust"),
    path("api/omslag/", api.headers, name="api_headers"),
    path("api/gallring/", purge_api.purges),
    path("api/nycklar/", keys_api.older_tips),
    path("api/register/", register_api.tips_of_period),
    path("api/register/register.csv", register_api.as_csv),
    path("api/handelser/", events_api.event_log),
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
    # An address that does not exist has the desk's headers too, and stands in no log.
    re_path(r"^api/(?:.*/)?$", gate.missing, name="missing"),
    # Whatever else the script shows: it knows itself what there is.
    re_path(r"^(?:.*/)?$", page_files.desk_page, name="page"),
]
