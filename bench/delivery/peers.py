"""What others do, as their documentation says: a task a recipient, tasks of 500 with one connection, a mail queue."""

import os

import django
from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.delivery.settings")
app = Celery("peers", broker=os.environ.get("CELERY_BROKER_URL"))
app.conf.task_ignore_result = True
if not settings.configured or not django.apps.apps.ready:
    django.setup()

from django.core.mail import EmailMultiAlternatives, get_connection, send_mail  # noqa: E402
from django.db import models  # noqa: E402
from django.template import Context, Template  # noqa: E402

TABLE = """
    CREATE TABLE bench_letter (id bigserial PRIMARY KEY, email text NOT NULL, fields jsonb NOT NULL,
        is_sent boolean NOT NULL DEFAULT false, sent_at timestamptz)
"""


class Letter(models.Model):
    """A peer's record of one notice to one person."""

    email = models.TextField()
    fields = models.JSONField()
    is_sent = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        app_label = "bench"
        db_table = "bench_letter"


class Words:
    """The templates of the notice, compiled once a process, as Django's cached loader does."""

    def __init__(self, subject: str, text: str, html: str) -> None:
        self.subject, self.text, self.html = subject, Template(text), Template(html)

    def of(self, letter: Letter) -> tuple[str, str]:
        """A person's text and HTML."""
        context = Context(letter.fields)
        return self.text.render(context), self.html.render(context)


_words: list[Words] = []


def words() -> Words:
    """Read the templates that the bench has laid down."""
    if not _words:
        folder = os.environ["BENCH_FOLDER"]
        parts = []
        for name in ("subject", "text", "html"):
            with open(f"{folder}/{name}") as file:
                parts.append(file.read())
        _words.append(Words(*parts))
    return _words[0]


def letters(count: int) -> list[Letter]:
    """A letter, not written down yet, to each of so many people, filled with what our recipients are filled with."""
    from projects.models import Contractor

    said = {
        "since": "Monday, 2 November 2026, 10:00 (Asia/Manila)",
        "until": "not known yet",
        "next_word": "Sunday, 29 November 2026, 10:00 (Asia/Manila)",
        "open_work": "",
    }
    people = Contractor.objects.order_by("pk").values_list("email", "name")[:count]
    return [Letter(email=email, fields={"name": name, **said}) for email, name in people]


@app.task
def send_one(pk: int) -> None:
    """The usual way: load, render, send, save."""
    from django.utils import timezone

    letter = Letter.objects.get(pk=pk)
    text, html = words().of(letter)
    send_mail(words().subject, text, settings.DEFAULT_FROM_EMAIL, [letter.email], html_message=html)
    letter.is_sent, letter.sent_at = True, timezone.now()
    letter.save(update_fields=["is_sent", "sent_at"])


@app.task
def send_batch(pks: list[int]) -> None:
    """The better way: one query, one connection, one update for 500 people."""
    from django.utils import timezone

    mails = []
    for letter in Letter.objects.filter(pk__in=pks):
        text, html = words().of(letter)
        mail = EmailMultiAlternatives(words().subject, text, settings.DEFAULT_FROM_EMAIL, [letter.email])
        mail.attach_alternative(html, "text/html")
        mails.append(mail)
    with get_connection() as connection:
        connection.send_messages(mails)
    Letter.objects.filter(pk__in=pks).update(is_sent=True, sent_at=timezone.now())
