"""Tells from words alone whether a message sounds as if a client stopped work; a wrong guess costs one glance."""

import re
from typing import Final

MOST_CHARACTERS: Final = 4_000
_THING: Final = r"(?:project|scope|work|tasks?|tasking|campaign|batch(?:es)?|queue|logging|hours)"
_STOPPED: Final = r"(?:paused|on hold|halted|stopped|suspended|frozen)"
_PHRASES: Final = (
    rf"re-?(?:assess|evaluat|consider)(?:ing|ed)? (?:\w+ ){{0,3}}{_THING}",
    rf"{_THING} (?:is|are|has been|have been|will be|stays?) (?:\w+ ){{0,2}}{_STOPPED}",
    rf"(?:paus|halt|suspend|stop|fre+z)(?:e|ed|ing|ping|ped)? (?:all |the |this |our |any )*{_THING}",
    r"(?:put|putting|placed|placing) (?:\w+ ){0,3}on hold",
    r"(?:do not|don't|please stop|stop) (?:log|submit|start)(?:t?ing)? (?:any |new |more |your )*(?:hours|time|tasks?)",
    r"(?:until|pending) further notice",
)
_SOUNDS: Final = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b", re.IGNORECASE)


def sounds_like_a_pause(text: str) -> bool:
    """Whether a message holds words such as "we are currently reassessing the project scope"."""
    words = " ".join(text[:MOST_CHARACTERS].replace("’", "'").split())
    return _SOUNDS.search(words) is not None
