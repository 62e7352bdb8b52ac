from django.urls import path

from . import views

app_name = "tips"
urlpatterns = [
    path("", views.start, name="start"),
    path("formular/", views.form, name="form"),
]
