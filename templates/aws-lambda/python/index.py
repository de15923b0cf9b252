import json
import logging

logger = logging.getLogger()
logger.setLevel(logging.INFO)

# Lives as long as the instance: a warm call finds it as the call before left it.
calls = 0


def handler(event, context):
    """Lambda hands an event over as a dict. An HTTP trigger sends one that describes the request."""
    global calls
    calls += 1
    name = (event.get("queryStringParameters") or {}).get("name") or event.get("name") or "world"
    logger.info("greeting %s, call %s, request %s", name, calls, context.aws_request_id)
    greeting = {"message": f"Hello, {name}!", "calls": calls}
    if "requestContext" not in event:
        return greeting
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(greeting),
    }
