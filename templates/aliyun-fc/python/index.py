import json
import logging

logger = logging.getLogger()

# Lives as long as the instance: a warm call finds it as the call before left it.
calls = 0


def handler(event, context):
    """Function Compute hands every event over as bytes. An HTTP trigger sends a JSON text that describes the request."""
    global calls
    calls += 1
    given = json.loads(event or b"{}")
    name = (given.get("queryParameters") or {}).get("name") or given.get("name") or "world"
    logger.info("greeting %s, call %s, request %s", name, calls, context.request_id)
    greeting = {"message": f"Hello, {name}!", "calls": calls}
    if "requestContext" not in given:
        return greeting
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(greeting),
    }
