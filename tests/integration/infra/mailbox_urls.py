"""The mailbox alone, so that its tests do not hang on the other faces."""

from django.urls import include, path

urlpatterns = [path("mailbox/", include("contractorhub.mailbox.urls"))]
