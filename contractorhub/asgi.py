"""The ASGI application that a web server runs."""

import os

from django.core.asgi import get_asgi_application

from notifications.bell import answer_people

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")

application = get_asgi_application()
answer_people()
