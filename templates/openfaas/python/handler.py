import json

# Lives as long as the instance: a warm call finds it as the call before left it.
calls = 0


def handle(event, context):
    """Called for every request; the body is bytes."""
    global calls
    calls += 1
    given = json.loads(event.body or b"{}")
    name = event.query.get("name") or given.get("name") or "world"
    print("greeting", name, "call", calls)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": {"message": f"Hello, {name}!", "calls": calls},
    }
