"""
How Alibaba Function Compute calls a Python handler: `handler(event: bytes, context)`, and `handler(environ, start_response)`
behind HTTP triggers of 2.0, as its published runtime does.
"""

import json
import os
import sys

from porchlight_bootstrap import output
from porchlight_bootstrap.errors import ContractError, place_of, text_of, trace_of, type_of
from porchlight_bootstrap.late import when_loaded

_LOG_FORM = "%(asctime)s.%(msecs)03dZ %(fc_request_id)s [%(levelname)s] %(message)s\n"
_LOG_DATES = "%Y-%m-%dT%H:%M:%S"


def code_root():
    """Folder from which modules are imported."""
    path = os.environ["FC_FUNC_CODE_PATH"]
    return path.rstrip("/\\") or path


def prepare(_lifetime):
    """The root logger writes in Function Compute's form, from INFO on."""
    level = os.environ.get("FC_SERVER_LOG_LEVEL") or "INFO"
    when_loaded(
        "logging", lambda module: output.root_handler(module, _LOG_FORM, _LOG_DATES, "fc_request_id", level)
    )


def load(handler):
    """The function that a handler string names. A module below a folder is found there, as if that were the root."""
    path, dot, name = handler.rpartition(".")
    if not dot:
        raise ContractError("InvalidHandleName", f"Invalid handler '{handler}'")
    folder, _, module_name = path.rpartition("/")
    import importlib

    module = sys.modules.get(_loaded.get(path, ""))
    if module is None:
        root = os.path.join(code_root(), *folder.split("/")) if folder else None
        if root:
            sys.path.insert(0, root)
        try:
            module = importlib.import_module(module_name)
            _loaded[path] = module.__name__
        except Exception as error:
            error.porchlight_module = path
            raise
        finally:
            if root:
                sys.path.remove(root)
    try:
        return getattr(module, name)
    except AttributeError:
        raise ContractError("HandlerNotFound", f"Handler '{name}' is missing on module '{path}'") from None


_loaded = {}


def load_error(error):
    """What Function Compute says of an exception while loading."""
    module = getattr(error, "porchlight_module", None)
    if module is None:
        return error
    if isinstance(error, ImportError):
        type_name, message = "ImportModuleError", f"Unable to import module '{module}'"
    elif isinstance(error, SyntaxError):
        type_name, message = "UserCodeSyntaxError", f"Syntax error in module '{module}'"
    elif isinstance(error, ValueError):
        type_name, message = "InvalidHandleName", f"Invalid handler '{module}'"
    else:
        type_name, message = "UserCodeError", f"Module initialization error: '{text_of(error)}'"
    import traceback

    fault = ContractError(type_name, message, traceback.format_exception_only(type(error), error))
    fault.at = place_of(error)
    return fault


class _Fields:
    def __init__(self, **fields):
        vars(self).update(fields)

    def __repr__(self):
        return str(vars(self))


class Context(_Fields):
    """The second argument of a handler, and the only one of a hook."""

    def __init__(self, data):
        function, service, tracing = data["function"], data["service"], data["tracing"]
        self.request_id = data["requestId"]
        self.region = data["region"]
        self.account_id = data["accountId"]
        self.retry_count = data["retryCount"]
        self.tracing = _Fields(
            span_context=tracing["openTracingSpanContext"],
            span_baggages=dict(tracing["openTracingSpanBaggages"]),
            jaeger_endpoint=tracing["jaegerEndpoint"],
        )
        named = {name: function[name] for name in ("name", "handler", "memory", "timeout")}
        if data.get("runtime") == "python3.12":
            # This runtime has neither credentials nor a service.
            versions = {"version_id": service["versionId"], "qualifier": service["qualifier"]}
            self.function = _Fields(**named, **versions)
            self.log_project, self.log_store = service["logProject"], service["logStore"]
            self.logger = self.getLogger()
            return
        keys = data["credentials"]
        self.credentials = _Fields(
            access_key_id=keys["accessKeyId"],
            access_key_secret=keys["accessKeySecret"],
            security_token=keys["securityToken"],
        )
        self.function = _Fields(**named)
        self.service = _Fields(
            name=service["name"],
            log_project=service["logProject"],
            log_store=service["logStore"],
            qualifier=service["qualifier"],
            version_id=service["versionId"],
        )

    def getLogger(self):
        import logging

        return logging.getLogger()


def _plain(value):
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        return float(value)
    datetime = sys.modules.get("datetime")
    if datetime is not None and isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "to_json"):
        return value.to_json()
    raise TypeError(f"{value!r} is not JSON serializable")


def _json(value):
    return json.dumps(value, default=_plain, indent=4, sort_keys=True)


def call(handler, call):
    """Calls a handler; its answer as Function Compute encodes it."""
    if call.data.get("takesRequests"):
        return _answer(handler, call)
    result = handler(call.event, Context(call.data))
    if isinstance(result, bytes):
        return result
    text = result if isinstance(result, str) else _json(result)
    return text.encode("utf-8", "replace")


def _request(event):
    """The request an event is. One given by hand is posted to the function's root, and only a body is wanted of it."""
    import re

    if re.match(rb'\s*\{\s*"httpRequest"', event[:64]):
        request = json.loads(event)["httpRequest"]
        body = request.get("body", "")
        if request.get("isBase64Encoded"):
            import base64

            return request, base64.b64decode(body)
        return request, body.encode("utf-8")
    return None, event


def _environ(request, body, context):
    """The environment of a WSGI call, with the keys of the published runtime."""
    import io
    from urllib.parse import unquote

    url = request.get("url", "/")
    path, _, query = url.partition("?")
    environ = {
        **os.environ,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/octet-stream",
        "HTTP": "on",
        "PATH_INFO": unquote(path) or "/",
        "QUERY_STRING": query,
        "REMOTE_ADDR": request.get("remoteAddress", "127.0.0.1"),
        "REQUEST_METHOD": request.get("method", "POST"),
        "SCRIPT_NAME": "",
        "SERVER_NAME": "FCRUNTIME",
        "SERVER_PORT": "9000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "FCRUNTIME/1.0",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    headers = {}
    for name, value in request.get("headers", ()):
        headers.setdefault(name.upper().replace("-", "_"), []).append(value)
    content_type = headers.pop("CONTENT_TYPE", None)
    if content_type:
        environ["CONTENT_TYPE"] = ",".join(content_type)
    environ.update((f"HTTP_{name}", ",".join(values)) for name, values in headers.items())
    environ["HTTP_X_FC_FUNCTION_HANDLER"] = context.function.handler
    environ["fc.request_uri"] = request.get("target", url)
    environ["fc.context"] = context
    return environ


class _Response:
    """`start_response`: the body is sent when it is complete."""

    def __init__(self):
        self.status = None
        self.headers = []
        self.written = []

    def __call__(self, status, headers, exc_info=None):
        self.status = int(status.split()[0])
        self.headers = [[name, value] for name, value in headers]
        return self.written.append


def _bytes_of(part):
    return part if isinstance(part, bytes) else part.encode("utf-8")


def _answer(handler, call):
    """Calls a WSGI handler; its answer as the host reads it."""
    import base64

    request, body = _request(call.event)
    response = _Response()
    output = handler(_environ(request or {}, body, Context(call.data)), response)
    try:
        parts = [output] if isinstance(output, bytes) else list(output)
    finally:
        close = getattr(output, "close", None)
        if close is not None:
            close()
    content = b"".join(map(_bytes_of, [*response.written, *parts]))
    if response.status is None:
        raise ContractError("InvalidResponse", "The handler returned without calling start_response(status, headers).")
    if request is None:
        return content
    answer = {"status": response.status, "headers": response.headers}
    try:
        answer.update(body=content.decode("utf-8"), isBase64Encoded=False)
    except UnicodeDecodeError:
        answer.update(body=base64.b64encode(content).decode("ascii"), isBase64Encoded=True)
    return json.dumps({"httpResponse": answer}).encode("utf-8")


def hook(function, data):
    """Runs an initializer, pre-freeze or pre-stop hook."""
    function(Context(data))


def _frame(entry):
    """A frame as a list: file, line, function, and the line's text."""
    head, _, text = entry.strip().partition("\n")
    return [*(part.strip() for part in head.split(",")), *([text.strip()] if text.strip() else [])]


def error_body(error, _call):
    """The body an invoke caller gets for an exception."""
    body = {"errorMessage": text_of(error), "errorType": type_of(error)}
    frames = [_frame(entry) for entry in trace_of(error)]
    if frames:
        body["stackTrace"] = frames
    return _json(body).encode()
