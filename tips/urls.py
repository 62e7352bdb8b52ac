from django.urls import path

from .form import views

app_name = "tips"
urlpatterns = [
    path("", views.start, name="start"),
    path("formular/", views.form, name="form"),
]
