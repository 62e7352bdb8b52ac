"""The addresses of the login to the CMS beside Wagtail's own."""

from django.urls import path

from . import views

urlpatterns = [
    path("login/andra-steget/", views.show_second_step, name="login_second_step"),
    path("login/nyckel/", views.passkey_answer, name="login_passkey"),
    path("login/nyckel/fraga/", views.passkey_question, name="login_passkey_question"),
    path("inloggning/", views.own_factors, name="own_factors"),
    path("inloggning/nyckel/", views.new_passkey, name="new_passkey"),
    path("inloggning/nyckel/fraga/", views.new_passkey_question, name="new_passkey_question"),
    path("inloggning/app/", views.adding_app, name="new_app"),
    path("inloggning/koder/", views.renewing_codes, name="new_codes"),
    path("inloggning/ta-bort/", views.taking_away, name="take_factor_away"),
]
