"""On Function Compute an event arrives as bytes, and text or bytes are returned as they are."""

import json
import logging

from words import count


def initialize(context):
    print(f"{context.function.name} has {context.function.memory} MB")


def handler(event, context):
    text = event.decode("utf-8")
    try:
        given = json.loads(text)
        text = given.get("text", text) if isinstance(given, dict) else text
    except ValueError:
        # Plain text is what it is.
        pass
    logging.getLogger().info("request %s", context.request_id)
    return json.dumps(count(text))
