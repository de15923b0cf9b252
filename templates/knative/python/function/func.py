import json
import logging
from urllib.parse import parse_qs


def new():
    return Function()


class Function:
    def __init__(self):
        # Lives as long as the instance: a warm call finds it as the call before left it.
        self.calls = 0

    async def handle(self, scope, receive, send):
        """Called for every request, as an ASGI application is."""
        self.calls += 1
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        query = parse_qs(scope["query_string"].decode())
        given = json.loads(body or b"{}")
        name = query["name"][0] if "name" in query else given.get("name", "world")
        logging.info("greeting %s, call %s", name, self.calls)
        answer = json.dumps({"message": f"Hello, {name}!", "calls": self.calls}).encode()
        headers = [[b"content-type", b"application/json"]]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
