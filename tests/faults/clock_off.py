"""Celery on a host whose clock is CLOCK_OFF_SECONDS wrong, in the place of `python -m celery`."""

import os
import time

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    time_machine.travel(time.time() + float(os.environ["CLOCK_OFF_SECONDS"]), tick=True).start()
    main()
