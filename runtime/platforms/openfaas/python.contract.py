"""
How the Python templates of OpenFaaS call a handler: `handle(event, context)` of `python3-http`, whose index.py runs on
Flask, and `handle(req)` of `python3-flask` and of the classic `python3`, which gets the body (openfaas/python-flask-template).
"""

import base64
import json
import os
import sys

from porchlight_bootstrap.errors import ContractError, text_of

_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
_HTML = "text/html; charset=utf-8"

_template = ""


def code_root():
    """Folder from which modules are imported: the one that holds the package `function`, of which there is none here."""
    return os.path.join(os.getcwd(), ".porchlight-no-such-folder")


def prepare(lifetime):
    """The code folder is the package `function`, as the templates copy it."""
    global _template
    _template = lifetime.get("template", "")
    import importlib.machinery
    import importlib.util

    folder = lifetime.get("codeRoot") or os.getcwd()
    start = os.path.join(folder, "__init__.py")
    if os.path.exists(start):
        spec = importlib.util.spec_from_file_location("function", start, submodule_search_locations=[folder])
    else:
        spec = importlib.machinery.ModuleSpec("function", None, is_package=True)
        spec.submodule_search_locations = [folder]
    module = importlib.util.module_from_spec(spec)
    sys.modules["function"] = module
    if spec.loader is not None and os.path.exists(start):
        spec.loader.exec_module(module)


def load(handler):
    """The function that a handler string names."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        raise ContractError("ValueError", f"Invalid handler '{handler}': write it as file.export.")
    import importlib

    module = importlib.import_module("function." + module_name.replace("/", "."))
    try:
        return getattr(module, name)
    except AttributeError:
        raise ContractError(
            "AttributeError", f"module 'function.{module_name}' has no attribute '{name}'"
        ) from None


def load_error(error):
    """Python's own words are those of the templates."""
    return error


class Headers:
    """Headers as Flask has them: read without regard to case."""

    def __init__(self, pairs):
        self._pairs = [(name, value) for name, value in pairs]

    def get(self, name, default=None, type=None):
        for other, value in self._pairs:
            if other.lower() == name.lower():
                return value if type is None else type(value)
        return default

    def getlist(self, name):
        return [value for other, value in self._pairs if other.lower() == name.lower()]

    get_all = getlist

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name):
        return self.get(name) is not None

    def __iter__(self):
        return iter(self._pairs)

    def __len__(self):
        return len(self._pairs)

    def keys(self):
        return [name for name, _ in self._pairs]

    def values(self):
        return [value for _, value in self._pairs]

    def items(self):
        return list(self._pairs)

    def __repr__(self):
        return f"Headers({self._pairs!r})"


class Arguments(dict):
    """Values of the query as Flask has them: the first of each name, all of them by `getlist`."""

    def __init__(self, pairs):
        self._all = {}
        for name, value in pairs:
            self._all.setdefault(name, []).append(value)
        super().__init__({name: values[0] for name, values in self._all.items()})

    def getlist(self, name):
        return list(self._all.get(name, ()))

    def get(self, name, default=None, type=None):
        value = super().get(name, default)
        return type(value) if type is not None and name in self else value

    def to_dict(self, flat=True):
        return dict(self) if flat else {name: list(values) for name, values in self._all.items()}


class Event:
    """First argument of `handle(event, context)`."""

    def __init__(self, request):
        self.body = request.body
        self.headers = request.headers
        self.method = request.method
        self.query = request.query
        self.path = request.path

    def __repr__(self):
        return f"Event({vars(self)!r})"


class Context:
    """Second argument of `handle(event, context)`."""

    def __init__(self):
        self.hostname = os.getenv("HOSTNAME", "localhost")


class _Request:
    def __init__(self, event):
        web = _web_request(event)
        self.is_http = web is not None
        if web is None:
            kind = _type_by_hand(event)
            web = {"method": "POST", "url": "/", "headers": [["Host", "localhost"], ["Content-Type", kind]]}
            self.body = event
        else:
            text = web.get("body") or ""
            self.body = base64.b64decode(text) if web.get("isBase64Encoded") else text.encode()
        from urllib.parse import parse_qsl, unquote

        target, _, query = web["url"].partition("?")
        self.method = web["method"]
        self.path = unquote(target)
        self.headers = Headers(web.get("headers") or [])
        self.query = Arguments(parse_qsl(query, keep_blank_values=True))


def _web_request(event):
    if b'"httpRequest"' not in event[:64]:
        return None
    try:
        return json.loads(event)["httpRequest"]
    except (ValueError, KeyError, TypeError):
        return None


def _type_by_hand(event):
    try:
        return "application/json" if isinstance(json.loads(event), (dict, list)) else "text/plain"
    except ValueError:
        return "text/plain"


class _Answer:
    def __init__(self, body=b"", status=200, headers=()):
        pairs = [(str(name), str(value)) for name, value in headers]
        self.body = body
        self.status = status
        if status not in (204, 304) and not any(name.lower() == "content-type" for name, _ in pairs):
            pairs.append(("Content-Type", _HTML))
        self.headers = pairs


class _HttpError(ContractError):
    """An answer that people who gave an event by hand see as a failure."""

    def __init__(self, answer):
        said = answer.body.decode("utf-8", "replace")[:1000].strip()
        super().__init__("HttpError", f"The function answered {answer.status}" + (f": {said}" if said else "."))
        self.answer = answer


def _answer_of(result):
    """What `python3-http` makes of a handler's value, and Flask of that."""
    if result is None:
        return _Answer()
    if isinstance(result, dict) and not _template.startswith("python3-flask"):
        body = result.get("body", "")
        headers = result.get("headers", [])
        headers = list(headers.items()) if isinstance(headers, dict) else list(headers)
        if type(body) is dict:
            headers = [*headers, ("Content-Type", "application/json")] if not _has_type(headers) else headers
            return _Answer((_json(body) + "\n").encode(), _status(result.get("statusCode", 200)), headers)
        return _Answer(str(body).encode(), _status(result.get("statusCode", 200)), headers)
    return _flask_answer(result)


def _has_type(headers):
    return any(str(name).lower() == "content-type" for name, _ in headers)


def _flask_answer(result):
    """Flask's own ways of answering: text, bytes, lists and dicts, and tuples with status and headers."""
    status, headers = 200, []
    if isinstance(result, tuple):
        if len(result) == 3:
            result, status, headers = result
        elif len(result) == 2:
            result, second = result
            if isinstance(second, (dict, list, tuple)):
                headers = second
            else:
                status = second
        else:
            raise TypeError(
                "The view function did not return a valid response tuple. The tuple must have the form "
                "(body, status, headers), (body, status), or (body, headers)."
            )
    headers = list(headers.items()) if isinstance(headers, dict) else list(headers)
    if isinstance(result, (dict, list)):
        headers = headers if _has_type(headers) else [*headers, ("Content-Type", "application/json")]
        return _Answer((_json(result) + "\n").encode(), _status(status), headers)
    if isinstance(result, str):
        return _Answer(result.encode(), _status(status), headers)
    if isinstance(result, (bytes, bytearray)):
        return _Answer(bytes(result), _status(status), headers)
    if result is None:
        raise TypeError("The view function for 'call_handler' did not return a valid response.")
    data = getattr(result, "get_data", None)
    if callable(data):
        return _Answer(data(), result.status_code, list(result.headers))
    raise TypeError(
        "The view function for 'call_handler' did not return a valid response. The return type must be a string, "
        f"dict, list, tuple with headers or status, Response instance, or WSGI callable, but it was a {type(result).__name__}."
    )


def _json(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _status(value):
    return int(str(value).split(" ", 1)[0])


def _web_result(answer):
    try:
        body = {"body": answer.body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        body = {"body": base64.b64encode(answer.body).decode(), "isBase64Encoded": True}
    headers = [list(pair) for pair in answer.headers]
    return json.dumps({"httpResponse": {"status": answer.status, "headers": headers, **body}}).encode()


def _takes_event():
    return not (_template in ("python", "python3-classic", "python3-debian") or "flask" in _template)


def call(handler, call):
    """Calls a handler; its answer as its template sends it."""
    request = _Request(call.event)
    if request.is_http and request.method not in _METHODS:
        return _web_result(_Answer(b"Method Not Allowed", 405))
    if _takes_event():
        answer = _answer_of(handler(Event(request), Context()))
    else:
        raw = os.getenv("RAW_BODY", "false").lower() in ("true", "1")
        answer = _answer_of(handler(request.body if raw else request.body.decode("utf-8", "replace")))
    if request.is_http:
        return _web_result(answer)
    if answer.status >= 400:
        raise _HttpError(answer)
    return answer.body


def hook(function, _data):
    """Runs an initializer or pre-stop hook of `porchlight.yaml`."""
    function()


def error_body(error, call):
    """What a caller gets for an exception: Flask's page of the status 500."""
    if isinstance(error, _HttpError):
        return error.answer.body
    page = (
        "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n"
        "<p>The server encountered an internal error and was unable to complete your request. Either the server is "
        "overloaded or there is an error in the application.</p>\n"
    )
    if call is not None and _web_request(call.event) is not None:
        return _web_result(_Answer(page.encode(), 500))
    return text_of(error).encode()
