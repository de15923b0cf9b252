"""Boots, says so, loads what it is told, and hands events to the handler. The contract of the platform does the rest."""

import os
import sys
import time

from . import caller, output, signals
from .channel import Receiver, send
from .errors import describe
from .system import now_us, peak_kb


class Call:
    """One event on its way through a handler."""

    def __init__(self, command, event, lifetime):
        self.id = command["id"]
        self.event = event
        # Milliseconds since the epoch.
        self.deadline = time.time() * 1000 + command["timeoutMs"]
        self.lifetime = lifetime
        self.data = {**lifetime, **command["context"]}


class Instance:
    """The function of this process, once it is loaded."""

    def __init__(self):
        self._contract = None
        self._lifetime = {}
        self._handler = None
        self._pre_freeze = None
        self._pre_stop = None

    def load(self, command):
        """Loads the contract, the module and its hooks; failures are told with the phase in which they happened."""
        start = now_us()
        phase, phase_start = "load", start
        contract = self._contract = _contract(command["contract"])
        self._lifetime = command["context"]
        # The user's files are edited: what is compiled of them is not kept, as it would be told apart by whole seconds.
        sys.dont_write_bytecode = True
        try:
            sys.path.insert(0, contract.code_root())
            contract.prepare(self._lifetime)
            handler = contract.load(command["handler"])
            pre_freeze = command.get("preFreeze")
            self._pre_freeze = pre_freeze and contract.load(pre_freeze["handler"])
            pre_stop = command.get("preStop")
            self._pre_stop = pre_stop and contract.load(pre_stop["handler"])
            initializer = command.get("initializer")
            initialize = initializer and contract.load(initializer["handler"])
            if not initialize and hasattr(contract, "initializer"):
                initialize = contract.initializer()
            end = now_us()
            times = {"loadStartUs": start, "loadEndUs": end}
            if initialize and hasattr(contract, "hook"):
                phase, phase_start = "init", end
                self._run_hook("initializer", initialize, command["hookContext"], start)
                times.update(initStartUs=end, initEndUs=now_us())
            self._handler = handler
            send({"type": "loaded", **times})
        except Exception as error:
            described = describe(contract.load_error(error) if phase == "load" else error)
            send(
                {
                    "type": "loadFailed",
                    "phase": phase,
                    "startUs": phase_start,
                    "endUs": now_us(),
                    "error": described,
                }
            )

    def invoke(self, command, event):
        """Calls the handler and answers. An exception that ends a process ends this one."""
        if self._handler is None:
            # Loading failed: that is the answer.
            return
        contract = self._contract
        call = Call(command, event, self._lifetime)
        output.set_current(call.id)
        start = now_us()
        try:
            body = contract.call(self._handler, call)
            end = now_us()
            answer = {"type": "result"}
        except Exception as error:
            end = now_us()
            answer = {"type": "error", "handled": False, "error": describe(error)}
            body = contract.error_body(error, call)
        send(
            {
                **answer,
                "id": call.id,
                "startUs": start,
                "endUs": end,
                "leftOpen": _has_threads(),
                "peakKB": peak_kb(),
            },
            body,
        )
        output.set_current(None)

    def pre_freeze(self, command):
        """Runs the hook before the process is frozen; the host hears when it ends, and bounds its time."""
        if self._pre_freeze and hasattr(self._contract, "hook"):
            try:
                self._run_hook("preFreeze", self._pre_freeze, command["context"])
            except Exception:
                # Told already; an instance is frozen whatever its hook does.
                pass

    def stop(self, command):
        """Ends the process the way the host asks: the hook, then a handler of SIGTERM. The host bounds their time."""
        if self._pre_stop and hasattr(self._contract, "hook"):
            try:
                self._run_hook("preStop", self._pre_stop, command["context"])
            except Exception:
                # Told already; an instance ends whatever its hook does.
                pass
        if command["terminate"] and signals.terminate():
            # It may have asked others to end, which takes until they have.
            return
        os._exit(0)

    def _run_hook(self, name, hook, context, load_start=None):
        def told(edge, **more):
            send({"type": "hook", "hook": name, "edge": edge, "atUs": now_us(), **more})

        told("start", **({} if load_start is None else {"loadStartUs": load_start}))
        try:
            self._contract.hook(hook, {**self._lifetime, **context})
        except Exception as error:
            told("end", error=describe(error))
            raise
        told("end")


def _contract(path):
    """A contract is one file, named after its platform; its compiled form is kept as that of any module."""
    from importlib.machinery import SourceFileLoader

    module = type(sys)("porchlight_contract")
    module.__file__ = path
    SourceFileLoader(module.__name__, path).exec_module(module)
    return module


def _has_threads():
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def run():
    """Serves the host until one of both ends."""
    receiver = Receiver()
    instance = Instance()
    output.capture()
    caller.name_caller()
    signals.watch()
    version = ".".join(str(part) for part in sys.version_info[:3])
    send({"type": "booted", "atUs": now_us(), "pid": os.getpid(), "version": version})
    while True:
        message, body = receiver.next()
        kind = message["type"]
        if kind == "invoke":
            instance.invoke(message, body)
        elif kind == "load":
            instance.load(message)
        elif kind == "inspect":
            from .debugging import inspect

            inspect()
        elif kind == "giveBack":
            send({"type": "gaveBack", "ids": []})
        elif kind == "preFreeze":
            instance.pre_freeze(message)
        elif kind == "stop":
            instance.stop(message)
