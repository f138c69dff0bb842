"""The WSGI application that a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from contractorhub.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")

application = get_wsgi_application()

# Somebody waits for every answer given here. A worker listens to its broker for longer than a bell may take.
BROKER_ANSWERS_WITHIN_SECONDS = 3
app.conf.broker_transport_options = app.conf.broker_transport_options | {
    "socket_timeout": BROKER_ANSWERS_WITHIN_SECONDS
}
