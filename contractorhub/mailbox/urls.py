"""Addresses of the embedded mailbox."""

from django.urls import path

from contractorhub.mailbox.views import inbox, letter, letter_html

app_name = "mailbox"
urlpatterns = [
    path("", inbox, name="inbox"),
    path("<str:key>/", letter, name="letter"),
    path("<str:key>/html", letter_html, name="letter-html"),
]
