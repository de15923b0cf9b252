"""On AWS Lambda an event arrives parsed, and what is returned becomes JSON."""

import json
import logging

from words import count

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    over_http = "requestContext" in event
    text = (event.get("body") or "") if over_http else event.get("text", "")
    counted = count(text)
    logger.info("%s words, %s ms left", counted["words"], context.get_remaining_time_in_millis())
    if not over_http:
        return counted
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(counted)}
