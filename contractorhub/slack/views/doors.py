"""The doors Slack knocks at: verified, kept once, and answered without asking anybody anything."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contractorhub.slack import inbox
from contractorhub.slack.checking import wrong_with
from contractorhub.slack.payloads import Malformed, Submission, read_command, read_event, read_interaction
from contractorhub.slack.verifying import Refused, signature_of, verified_body
from contractorhub.slack.waiting import waiting_answer
from contractorhub.slack.work import SHORTCUTS, SUBMISSIONS

Door = Callable[[HttpRequest, bytes], HttpResponse]


def _door(view: Door) -> Callable[[HttpRequest], HttpResponse]:
    """A door: only Slack comes in, and whatever it brings that is not whole is refused with nothing kept."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def knock(request: HttpRequest) -> HttpResponse:
        try:
            return view(request, verified_body(request))
        except Refused as refused:
            return HttpResponse(status=refused.status)
        except inbox.Replayed:
            return HttpResponse(status=401)
        except (Malformed, ValueError, RecursionError):
            return HttpResponse(status=400)

    return knock


@_door
def events(request: HttpRequest, body: bytes) -> HttpResponse:
    """Something happened in a workspace."""
    told = json.loads(body)
    if not isinstance(told, dict):
        raise Malformed("an event is an object")
    if told.get("type") == "url_verification":
        return JsonResponse({"challenge": str(told.get("challenge") or "")[:500]})
    event = read_event(told)
    event_id = told.get("event_id")
    if told.get("type") != "event_callback" or not isinstance(event_id, str) or not event_id:
        raise Malformed("an event without an id")
    kept = {"team_id": event.team_id, "event": dict(event.body)}
    _keep(request, unique_id=event_id, kind=f"event {event.type}", team_id=event.team_id, payload=kept)
    return HttpResponse()


@_door
def commands(request: HttpRequest, body: bytes) -> HttpResponse:
    """Somebody typed `/pause`; the answer comes to them alone, a moment later."""
    form = _form(body)
    if form.get("ssl_check") == "1":
        return HttpResponse()
    command = read_command(form)
    _keep(request, unique_id=command.trigger_id, kind="command", team_id=command.who.team_id, payload=form)
    return HttpResponse()


@_door
def interactivity(request: HttpRequest, body: bytes) -> HttpResponse:
    """Somebody pressed, chose or sent off something."""
    payload = json.loads(_form(body).get("payload") or "null")
    if isinstance(payload, dict) and payload.get("type") == "view_closed":
        return HttpResponse()
    thing = read_interaction(payload)
    if isinstance(thing, Submission):
        return _take_submission(request, thing, payload)
    if not hasattr(thing, "action_id") and thing.callback_id not in SHORTCUTS:
        raise Malformed("a shortcut that is not ours")
    unique_id = thing.trigger_id or signature_of(request)
    _keep(request, unique_id=unique_id, kind="interaction", team_id=thing.who.team_id, payload=payload)
    return HttpResponse()


def _take_submission(request: HttpRequest, submission: Submission, payload: Any) -> HttpResponse:
    if submission.callback_id not in SUBMISSIONS:
        raise Malformed("a view that is not ours")
    wrong = wrong_with(submission, at=timezone.now())
    if wrong is not None:
        return JsonResponse(wrong)
    unique_id = str(payload.get("trigger_id") or signature_of(request))
    _keep(request, unique_id=unique_id, kind="interaction", team_id=submission.who.team_id, payload=payload)
    return JsonResponse(waiting_answer(submission))


def _keep(request: HttpRequest, *, unique_id: str, kind: str, team_id: str, payload: Any) -> None:
    inbox.receive(
        unique_id=unique_id,
        signature=signature_of(request),
        kind=kind,
        team_id=team_id,
        payload=payload,
        at=timezone.now(),
    )


def _form(body: bytes) -> dict[str, str]:
    fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=100)
    return {name: values[0] for name, values in fields.items()}
