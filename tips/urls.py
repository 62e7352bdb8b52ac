from django.urls import path

from .form import laid_pages, sealed_views, trust_files, views

app_name = "tips"
urlpatterns = [
    path("", laid_pages.start, name="start"),
    path("formular/", laid_pages.sealed_form, name="form"),
    path("formular/utan-skript/", laid_pages.without_script, name="without_script"),
    path("formular/utan-skript/skriv/", views.form, name="plain_form"),
    path("formular/lage.json", sealed_views.standing, name="standing"),
    path("formular/lamna/", sealed_views.leave_sealed, name="leave_sealed"),
    path("nycklar/<str:name>", trust_files.trust_file, name="trust_file"),
]
