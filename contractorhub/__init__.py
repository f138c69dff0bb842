"""The roof of the house: wiring and the faces people meet."""

from contractorhub.celery import app as celery_app

__all__ = ["celery_app"]
