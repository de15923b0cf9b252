"""Handlers of SIGTERM: tells the host that there is one, and calls it when the instance is ended."""

import sys

from .channel import send
from .late import when_loaded


def watch():
    """Tells the host once that the user's code handles SIGTERM: it gets time for that."""
    when_loaded("signal", _watch)


def _watch(module):
    original = module.signal
    told = False

    def signal(number, handler):
        nonlocal told
        before = original(number, handler)
        if number == module.SIGTERM and callable(handler) and not told:
            told = True
            send({"type": "listens", "signal": "SIGTERM"})
        return before

    signal.__doc__ = original.__doc__
    module.signal = signal


def terminate():
    """Calls the handler of SIGTERM, if there is one. Not a real signal: Windows has none."""
    module = sys.modules.get("signal")
    handler = module.getsignal(module.SIGTERM) if module else None
    if not callable(handler):
        return False
    handler(module.SIGTERM, sys._getframe())
    return True
