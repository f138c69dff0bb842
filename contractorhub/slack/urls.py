"""Addresses of the Slack app."""

from django.urls import URLPattern, path

from contractorhub.slack.views import doors, install, link

app_name = "slack"
urlpatterns: list[URLPattern] = [
    path("events", doors.events, name="events"),
    path("commands", doors.commands, name="commands"),
    path("interactivity", doors.interactivity, name="interactivity"),
    path("install/", install.install, name="install"),
    path("installed/", install.installed, name="installed"),
    path("link/", link.link, name="link"),
]
