"""Addresses of what comes back."""

from django.urls import path

from contractorhub.returns import views

app_name = "returns"
urlpatterns = [
    path("returns/provider/", views.provider_events, name="provider"),
    path("returns/mail/", views.returned_mail, name="mail"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
