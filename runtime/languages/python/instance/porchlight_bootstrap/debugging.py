"""Opens the debugger's door: `debugpy`, where the interpreter has it."""

import sys

from .channel import send

_port = None


def inspect():
    """Listens for a debugger on a free loopback port and says where; or why there is none."""
    global _port
    if _port is None:
        try:
            import debugpy
        except ImportError:
            reason = f"debugpy is not installed for {sys.executable}"
            send({"type": "inspector", "url": "", "missing": reason})
            return
        # Processes that user code starts are the user's business.
        debugpy.configure(subProcess=False)
        _, _port = debugpy.listen(("127.0.0.1", 0))
    send({"type": "inspector", "url": f"tcp://127.0.0.1:{_port}"})
