import hashlib


def handler(event, context):
    text = event.get("text", "")
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "language": "Python"}
