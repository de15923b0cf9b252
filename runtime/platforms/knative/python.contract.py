"""
How Knative's `func` calls a Python function: an ASGI application, as its middleware `func-python` 0.8 serves it (`new()`
makes an object with `handle(scope, receive, send)`, or `handle` is a function), or `main(context)` of `parliament`.
"""

import base64
import json
import os
import re
import sys

from porchlight_bootstrap import output
from porchlight_bootstrap.errors import ContractError, text_of
from porchlight_bootstrap.late import when_loaded

_LOG_FORM = "%(levelname)s:%(name)s:%(message)s\n"
_EXPECTS_EVENTS = "Bad Request: This endpoint expects CloudEvent requests. "
_TEXT = [[b"content-type", b"text/plain"]]


def code_root():
    """Folder from which modules are imported."""
    return os.getcwd()


def prepare(_lifetime):
    """The root logger tells from INFO on, as both servers set it up."""
    when_loaded("logging", lambda module: output.root_handler(module, _LOG_FORM, None, "porchlight_id", "INFO"))


def load(handler):
    """What calls the function that a handler string names."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        raise ContractError("ValueError", f"Invalid handler '{handler}': write it as file.export.")
    import importlib

    module = importlib.import_module(module_name.replace("/", "."))
    found = getattr(module, name, None)
    if not callable(found):
        raise ContractError("ImportError", f"cannot import name '{name}' from '{module_name}'")
    global _application
    made = _Parliament(found) if name == "main" else _Asgi(found() if name == "new" else found)
    _application = _application or made
    return made


# The function's own; hooks that a project file names are loaded behind it.
_application = None


def load_error(error):
    """Python's own words are those of the servers."""
    return error


def initializer():
    """What is called once before the first request."""
    is_asgi = isinstance(_application, _Asgi)
    hooks = ("start", "stop") if is_asgi else ()
    return _application.start if any(hasattr(_application.function, name) for name in hooks) else None


def hook(function, _data):
    """Runs an initializer or pre-stop hook."""
    if isinstance(function, _Asgi):
        function = function.function
    function()


class _Answer:
    def __init__(self, status=500, headers=(), body=b""):
        self.status = status
        self.headers = [[_latin(name), _latin(value)] for name, value in headers]
        self.body = body


def _latin(text):
    return bytes(text).decode("latin-1") if isinstance(text, (bytes, bytearray)) else str(text)


class _Failed(Exception):
    """An exception of the function, with what the server answers to it."""

    def __init__(self, error, answer):
        super().__init__()
        self.error, self.answer = error, answer


class _Request:
    """A request as the server has it. An event that is none is posted to the function."""

    def __init__(self, event):
        web = _web_request(event)
        self.is_http = web is not None
        if web is None:
            kind = _type_by_hand(event)
            headers = [] if kind is None else [["content-type", kind], ["content-length", str(len(event))]]
            web = {"method": "POST", "url": "/", "headers": [["host", "localhost"], *headers]}
            self.body = event
        else:
            text = web.get("body") or ""
            self.body = base64.b64decode(text) if web.get("isBase64Encoded") else text.encode()
        self.method = web["method"]
        self.target, _, self.query = web["url"].partition("?")
        pairs = web.get("headers") or []
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in pairs]

    @property
    def path(self):
        from urllib.parse import unquote

        return unquote(self.target)

    def is_event(self):
        """Whether it carries a CloudEvent."""
        named = dict(self.headers)
        kind = named.get(b"content-type", b"").lower()
        return b"ce-id" in named or kind.startswith(b"application/cloudevents")


def _web_request(event):
    if not re.match(rb'\s*\{\s*"httpRequest"', event[:64]):
        return None
    try:
        web = json.loads(event)["httpRequest"]
        return web if isinstance(web["method"], str) and isinstance(web["url"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def _type_by_hand(event):
    if not event:
        return None
    try:
        text = event.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    try:
        value = json.loads(text)
    except ValueError:
        return "text/plain; charset=utf-8"
    is_event = isinstance(value, dict) and "specversion" in value
    return "application/cloudevents+json; charset=utf-8" if is_event else "application/json"


class _Asgi:
    """A function that is an ASGI application, and the paths its server answers of itself."""

    def __init__(self, function):
        self.function = function
        self.handle = getattr(function, "handle", function)
        # Its server has loaded it before the function, so that it is no part of the first call.
        import asyncio

        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def start(self):
        """Tells the function its environment, and is told of the end when the function wants to be."""
        if hasattr(self.function, "start"):
            self.function.start(os.environ.copy())
        if hasattr(self.function, "stop"):
            import signal

            signal.signal(signal.SIGTERM, lambda *_: self._stop())

    def _stop(self):
        try:
            self.function.stop()
        finally:
            os._exit(0)

    def answer(self, request, data):
        """The answer to a request; a `_Failed` for an exception of the function."""
        checks = {"/health/liveness": "alive", "/health/readiness": "ready"}
        if request.path in checks:
            return self._health(checks[request.path])
        return self._loop.run_until_complete(self._serve(request, data.get("signature")))

    def _health(self, name):
        check = getattr(self.function, name, None)
        result = check() if check else True
        good, message = result if isinstance(result, tuple) else (result, "OK")
        return _Answer(200 if good else 500, _TEXT, str(message).encode())

    async def _serve(self, request, signature):
        scope, sent = _scope(request), _Sent()
        send, wants_events = sent.send, signature == "cloudevent"
        sdk = _sdk() if signature != "http" and (wants_events or request.is_event()) else None
        if wants_events and sdk is None:
            raise ContractError("ModuleNotFoundError", "No module named 'cloudevents'")
        if sdk:
            try:
                scope["event"] = sdk.read(request)
                send = _EventSender(sent.send, sdk)
            except Exception as error:
                if wants_events:
                    answer = _Answer(400, _TEXT, _EXPECTS_EVENTS.encode())
                    raise _Failed(ContractError("CloudEventError", text_of(error)), answer) from None
        try:
            await self.handle(scope, _receiver(request.body), send)
        except Exception as error:
            if sent.status is not None:
                raise _Failed(error, sent.answer()) from error
            raise _Failed(error, _failure(error, sdk if wants_events else None)) from error
        if sent.status is None:
            error = ContractError("NoAnswer", "The function returned without sending an answer.")
            raise _Failed(error, _Answer(500, _TEXT, b"Internal Server Error"))
        return sent.answer()


def _failure(error, sdk):
    message = f"Error: {text_of(error)}"
    if sdk is None:
        return _Answer(500, _TEXT, message.encode("utf-8", "replace"))
    event = sdk.make({"type": "dev.functions.error", "source": "/cloudevent/error"}, {"message": message})
    headers, body = sdk.structured(event)
    return _Answer(500, headers.items(), body)


def _scope(request):
    host = dict(request.headers).get(b"host", b"localhost").decode("latin-1").partition(":")[0]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.target.encode("latin-1", "replace"),
        "query_string": request.query.encode("latin-1", "replace"),
        "root_path": "",
        "headers": list(request.headers),
        "client": ("127.0.0.1", 0),
        "server": (host, 8080),
        "extensions": {},
    }


def _receiver(body):
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive


class _Sent:
    """What a function has sent."""

    def __init__(self):
        self.status, self._headers, self._body = None, [], []

    async def send(self, message):
        kind = message["type"]
        if kind == "http.response.start":
            self.status = int(message["status"])
            self._headers = list(message.get("headers", []))
        elif kind == "http.response.body":
            if self.status is None:
                raise RuntimeError("http.response.body was sent before http.response.start")
            self._body.append(bytes(message.get("body", b"")))
        else:
            raise RuntimeError(f"The server takes no message of the type {kind}")

    def answer(self):
        own = (b"content-length", b"transfer-encoding", b"connection")
        kept = [pair for pair in self._headers if bytes(pair[0]).lower() not in own]
        return _Answer(self.status, kept, b"".join(self._body))


class _EventSender:
    """Sends events, and messages of ASGI as they are."""

    def __init__(self, send, sdk):
        self._send, self._sdk = send, sdk

    async def __call__(self, event, status=200):
        if isinstance(event, dict):
            await self._send(event)
        else:
            await self.structured(event, status)

    async def structured(self, event, status=200):
        await self._send_encoded(*self._sdk.structured(event), status)

    async def binary(self, event, status=200):
        await self._send_encoded(*self._sdk.binary(event), status)

    async def http(self, message):
        await self._send(message)

    async def _send_encoded(self, headers, body, status):
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})
        await self._send({"type": "http.response.body", "body": body})


class _Sdk:
    """The project's own package `cloudevents`: its version 2 when it is there, otherwise version 1."""

    def __init__(self):
        try:
            from cloudevents.core.bindings import http
            from cloudevents.core.v1.event import CloudEvent

            self._event = CloudEvent
            self._read = lambda headers, body: http.from_http_event(http.HTTPMessage(headers=headers, body=body))
            self._write = (http.to_structured_event, http.to_binary_event)
        except ImportError:
            from cloudevents import conversion
            from cloudevents.http import CloudEvent, from_http

            self._event, self._read = CloudEvent, from_http
            self._write = (conversion.to_structured, conversion.to_binary)

    def read(self, request):
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
        return self._read(headers, request.body)

    def make(self, attributes, data):
        return self._event(attributes=attributes, data=data)

    def structured(self, event):
        return self._message(self._write[0](event))

    def binary(self, event):
        return self._message(self._write[1](event))

    @staticmethod
    def _message(made):
        headers, body = made if isinstance(made, tuple) else (made.headers, made.body)
        return headers, body if isinstance(body, bytes) else str(body or "").encode()


def _sdk():
    try:
        return _Sdk()
    except ImportError:
        return None


class _Parliament:
    """A function `main(context)`: its own server is a WSGI application, which is asked here."""

    def __init__(self, main):
        from parliament import server

        self._main, self._error = main, None
        self._app = server.create(self)

    def main(self, context):
        """What the server calls; it answers to every exception, and we are told of it."""
        try:
            return self._main(context)
        except Exception as error:
            self._error = error
            raise

    def answer(self, request, _data):
        import io

        self._error, told = None, []
        environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": request.path.encode().decode("latin-1"),
            "QUERY_STRING": request.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers:
            key = name.decode("latin-1").upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.decode("latin-1")
        chunks = self._app(environ, lambda status, headers, _info=None: told.append((status, headers)))
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        status, headers = told[-1]
        kept = [pair for pair in headers if pair[0].lower() != "content-length"]
        answer = _Answer(int(status.split(" ", 1)[0]), kept, body)
        if self._error is not None:
            raise _Failed(self._error, answer) from self._error
        return answer


def call(application, call):
    """Calls the function; its answer as the host reads it."""
    request = call.request = _Request(call.event)
    call.answer = None
    try:
        answer = application.answer(request, call.data)
    except _Failed as failed:
        call.answer = failed.answer
        raise failed.error from None
    if request.is_http:
        return _encoded(answer)
    if answer.status >= 400:
        call.answer = answer
        said = answer.body.decode("utf-8", "replace")[:1000].strip()
        raise ContractError("HttpError", f"The function answered {answer.status}{': ' + said if said else '.'}")
    return answer.body


def _encoded(answer):
    try:
        body, is_base64 = answer.body.decode(), False
    except UnicodeDecodeError:
        body, is_base64 = base64.b64encode(answer.body).decode(), True
    response = {"status": answer.status, "headers": answer.headers, "body": body, "isBase64Encoded": is_base64}
    return json.dumps({"httpResponse": response}).encode()


def error_body(error, call):
    """What is answered for an exception."""
    answer = call.answer or _Answer(500, _TEXT, f"Error: {text_of(error)}".encode("utf-8", "replace"))
    return _encoded(answer) if call.request.is_http else answer.body
