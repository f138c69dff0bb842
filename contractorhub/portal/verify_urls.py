"""Addresses of the public page that says whether a statement is genuine."""

from django.urls import path

from contractorhub.portal.views.statements import verification

urlpatterns = [
    path("", verification, name="verify_by_hand"),
    path("<str:code>/", verification, name="verify"),
]
