"""The function of a container: loaded once, then called for one request after the other, in the main thread."""

import base64
import json
import os
import queue
import signal
import sys
import threading
import time
import uuid

from . import output
from .container_http import serve
from .container_watchdog import Watchdog
from .errors import describe


class _Call:
    """One request on its way through the handler."""

    def __init__(self, event, lifetime, timeout_ms):
        self.id = str(uuid.uuid4())
        self.event = event
        # Milliseconds since the epoch.
        self.deadline = time.time() * 1000 + (timeout_ms or 1e12)
        self.lifetime = lifetime
        self.data = {**lifetime, "requestId": self.id}


class _Job:
    def __init__(self, event, timeout_ms):
        self.event = event
        self.timeout_ms = timeout_ms
        self.answer = None
        self.done = threading.Event()


class Function:
    """The function that `start.json` names."""

    def __init__(self, start, contract, watchdog=None):
        self._watchdog = watchdog
        self._start = start
        self._contract = contract
        self._lifetime = start["lifetime"]
        self._jobs = queue.SimpleQueue()
        self._ending = False
        self._calling = False
        contract.prepare(self._lifetime)
        self._handler = contract.load(start["handler"])
        hook = start.get("preStop")
        self._pre_stop = hook and contract.load(hook["handler"])
        named = start.get("initializer")
        initialize = named and contract.load(named["handler"])
        if not initialize and hasattr(contract, "initializer"):
            initialize = contract.initializer()
        if initialize and hasattr(contract, "hook"):
            contract.hook(initialize, self._lifetime)

    @property
    def ending(self):
        """Whether it takes no more requests."""
        return self._ending

    def answer(self, event, timeout_ms=None):
        """Answers a request, from any thread; it waits for those before it. None when its time is over."""
        job = _Job(event, timeout_ms)
        self._jobs.put(job)
        finished = job.done.wait(timeout_ms / 1000 if timeout_ms else None)
        return job.answer if finished else None

    def check(self, event):
        """Answers a check of the function's own; a function that is busy is healthy."""
        return _plain(200, "OK") if self._calling else self.answer(event)

    def work(self):
        """Calls the function for what comes, until it is told to end; then ends the process."""
        self._take_signals()
        while True:
            job = self._jobs.get()
            if job is None:
                break
            job.answer = self._call(job)
            job.done.set()
        self._end()

    def _call(self, job):
        call = _Call(job.event, self._lifetime, job.timeout_ms)
        output.set_current(call.id)
        self._calling = True
        try:
            return self._contract.call(self._handler, call)
        except Exception as error:
            _tell(error)
            try:
                return self._contract.error_body(error, call)
            except Exception:
                return _plain(500, "Internal Server Error")
        finally:
            self._calling = False
            output.set_current(None)

    def _take_signals(self):
        """SIGTERM: what came before it is answered, then the function's own handler ends the process."""
        self._handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        for number in self._handlers:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number, _frame):
        if not self._ending:
            self._ending = True
            self._ended_by = number
            if self._watchdog:
                # Requests go on being answered meanwhile.
                threading.Thread(target=self._end_watched, daemon=True).start()
            else:
                self._jobs.put(None)

    def _end_watched(self):
        self._watchdog.end()
        self._jobs.put(None)

    def _end(self):
        if self._pre_stop and hasattr(self._contract, "hook"):
            try:
                self._contract.hook(self._pre_stop, self._lifetime)
            except Exception as error:
                _tell(error)
        own = self._handlers[self._ended_by]
        # Answers that are being written have a moment to leave.
        time.sleep(0.05)
        if callable(own) and own is not signal.default_int_handler:
            own(self._ended_by, None)
        sys.stdout.flush()
        os._exit(0)


def _tell(error):
    """Writes an exception to the log, from the user's first frame on."""
    told = describe(error)
    print(*told["stack"], f"{told['type']}: {told['message']}", sep="\n", file=sys.stderr, flush=True)


def _plain(status, text):
    response = {"status": status, "headers": [["content-type", "text/plain"]], "body": text, "isBase64Encoded": False}
    return json.dumps({"httpResponse": response}).encode()


def event_of(method, url, headers, body, client):
    """A request as the event that contracts read."""
    try:
        text, is_base64 = body.decode(), False
    except UnicodeDecodeError:
        text, is_base64 = base64.b64encode(body).decode(), True
    request = {"method": method, "url": url, "headers": headers, "remoteAddress": client}
    return json.dumps({"httpRequest": {**request, "body": text, "isBase64Encoded": is_base64}}).encode()


def read_answer(result):
    """Status, headers and body of what a contract answered."""
    try:
        answer = json.loads(result)["httpResponse"]
        text = answer["body"]
        body = base64.b64decode(text) if answer["isBase64Encoded"] else text.encode()
        return answer["status"], answer["headers"], body
    except (ValueError, KeyError, TypeError):
        return 200, [["content-type", "application/octet-stream"]], bytes(result)


def _contract(path):
    from importlib.machinery import SourceFileLoader

    module = type(sys)("porchlight_contract")
    module.__file__ = path
    SourceFileLoader(module.__name__, path).exec_module(module)
    return module


def run(folder):
    """Loads the function, and serves it until it is told to end."""
    # Nothing of ours stands between the function and the container's output.
    output.write_directly()
    sys.dont_write_bytecode = True
    with open(os.path.join(folder, "start.json"), encoding="utf-8") as file:
        start = json.load(file)
    try:
        contract = _contract(os.path.join(folder, start["contract"]))
        sys.path.insert(0, contract.code_root())
        watchdog = Watchdog(start["watchdog"]) if start.get("watchdog") else None
        function = Function(start, contract, watchdog)
    except Exception as error:
        # The last lines of a container's output are what clusters show of one that does not start.
        _tell(error)
        sys.stdout.flush()
        os._exit(1)
    named = next((os.environ[name] for name in start["portVariables"] if os.environ.get(name)), start["port"])
    # Containers answer on every address they have; a test names loopback.
    serve(function, start, os.environ.get("PORCHLIGHT_LISTEN", ""), int(named), watchdog)
    function.work()
