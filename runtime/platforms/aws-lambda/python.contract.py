"""How AWS Lambda calls a Python handler, as its runtime interface client for Python does."""

import json
import os
import sys
import time

from porchlight_bootstrap import output
from porchlight_bootstrap.errors import ContractError, text_of, trace_of, type_of
from porchlight_bootstrap.late import when_loaded

_LOG_FORM = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_LOG_DATES = "%Y-%m-%dT%H:%M:%S"
_TRACE_VARIABLE = "_X_AMZN_TRACE_ID"


def code_root():
    """Folder from which modules are imported."""
    return os.environ["LAMBDA_TASK_ROOT"]


def prepare(_lifetime):
    """The root logger writes in Lambda's form once user code logs; below WARNING only when it asks for that."""
    asked = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = {"WARN": "WARNING", "FATAL": "CRITICAL"}.get(asked, asked)
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        level = None
    when_loaded(
        "logging", lambda module: output.root_handler(module, _LOG_FORM, _LOG_DATES, "aws_request_id", level)
    )


def load(handler):
    """The function that a handler string names."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        message = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise ContractError("Runtime.MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise ContractError("Runtime.BuiltInModuleConflict", message)
    import importlib

    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except (ImportError, SyntaxError) as error:
        error.porchlight_module = module_name
        raise
    try:
        return getattr(module, name)
    except AttributeError:
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise ContractError("Runtime.HandlerNotFound", message) from None


def load_error(error):
    """What Lambda says of an exception while loading."""
    module = getattr(error, "porchlight_module", None)
    if module is None:
        return error
    if isinstance(error, SyntaxError):
        frames = [f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").rstrip()}']
        message = f"Syntax error in module '{module}': {error}"
        return _fault("Runtime.UserCodeSyntaxError", message, error, frames)
    return _fault("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}", error)


def _fault(type_name, message, cause, frames=()):
    from porchlight_bootstrap.errors import place_of

    fault = ContractError(type_name, message, frames)
    fault.at = place_of(cause)
    return fault


class _Fields:
    """An object with these fields; those the platform does not give are None."""

    fields = ()

    def __init__(self, given):
        for name in self.fields:
            setattr(self, name, given.get(name))

    def __repr__(self):
        shown = ",".join(f"{name}={getattr(self, name)}" for name in self.fields)
        return f"{type(self).__name__}([{shown}])"


class CognitoIdentity(_Fields):
    fields = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Fields):
    fields = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Fields):
    fields = ("custom", "env", "client")

    def __init__(self, given):
        super().__init__(given)
        if isinstance(self.client, dict):
            self.client = Client(self.client)


class LambdaContext:
    """The second argument of a handler."""

    def __init__(self, call):
        data = call.data
        self.aws_request_id = data["awsRequestId"]
        self.log_group_name = data["logGroupName"]
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = data["functionName"]
        self.memory_limit_in_mb = data["memoryLimitInMB"]
        self.function_version = data["functionVersion"]
        self.invoked_function_arn = data["invokedFunctionArn"]
        self.tenant_id = data.get("tenantId")
        given = data.get("clientContext")
        self.client_context = ClientContext(given) if isinstance(given, dict) else None
        self.identity = CognitoIdentity({})
        self._deadline = call.deadline

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        shown = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"LambdaContext([{shown}])"


class _Encoder(json.JSONEncoder):
    """Numbers of `decimal` keep their digits: they are put in where their marks are."""

    def __init__(self):
        # Text stays as it is from Python 3.12 on.
        super().__init__(ensure_ascii=sys.version_info < (3, 12))
        self.decimals = []

    def default(self, o):
        decimal = sys.modules.get("decimal")
        if decimal is None or not isinstance(o, decimal.Decimal):
            return super().default(o)
        if o.is_nan():
            return float("nan")
        self.decimals.append(str(o))
        return f"decimal {id(self)} {len(self.decimals) - 1}"

    def marshal(self, value):
        text = self.encode(value)
        for index, digits in enumerate(self.decimals):
            text = text.replace(f'"decimal {id(self)} {index}"', digits, 1)
        return text.encode("utf-8")


def call(handler, call):
    """Calls a handler; its answer as Lambda encodes it."""
    event = json.loads(call.event)
    os.environ[_TRACE_VARIABLE] = str(call.data["traceHeader"])
    response = handler(event, LambdaContext(call))
    if isinstance(response, bytes):
        return response
    try:
        return _Encoder().marshal(response)
    except Exception as error:
        raise ContractError("Runtime.MarshalError", f"Unable to marshal response: {text_of(error)}") from None


def error_body(error, call):
    """The body an invoke caller gets for an exception."""
    body = {
        "errorMessage": text_of(error),
        "errorType": type_of(error),
        "requestId": call.data["awsRequestId"],
        "stackTrace": trace_of(error),
    }
    return json.dumps(body).encode()
