"""What Schemathesis cannot know of the services."""

import itertools
import re

import schemathesis

NUMBERS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key that can be used is used once: for another request it would rightly be refused."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,255}", key):
        number = f"-{next(NUMBERS)}"
        case.headers["Idempotency-Key"] = key[:255 - len(number)] + number
