"""What Schemathesis cannot know of the services."""

import itertools
import re

import schemathesis

NUMBERS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.headers or {}
    # A key that can be used is used once: for another request it would rightly be refused.
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,255}", key):
        number = f"-{next(NUMBERS)}"
        headers["Idempotency-Key"] = key[:255 - len(number)] + number
    # Who waits for a few milliseconds only is rightly told that they were not enough.
    budget = headers.get("Request-Timeout-Ms")
    if isinstance(budget, str) and re.fullmatch("[0-9]{1,9}", budget):
        headers["Request-Timeout-Ms"] = "60000"
