"""The WSGI application that a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from notifications.bell import answer_people

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")

application = get_wsgi_application()
answer_people()
