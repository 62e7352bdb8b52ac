from django.urls import path

from .form import sealed_page, sealed_views, trust_files, views

app_name = "tips"
urlpatterns = [
    path("", views.start, name="start"),
    path("formular/", sealed_page.sealed_form, name="form"),
    path("formular/utan-skript/", views.form, name="plain_form"),
    path("formular/lage.json", sealed_views.standing, name="standing"),
    path("formular/lamna/", sealed_views.leave_sealed, name="leave_sealed"),
    path("nycklar/<str:name>", trust_files.trust_file, name="trust_file"),
]
