"""Opens the debugger's door: `debugpy`, where the interpreter has it."""

import os
import sys

from .channel import send

_port = None


def _remedy():
    own_of_debian = sys.prefix == "/usr" and os.path.exists("/etc/debian_version")
    command = "sudo apt install python3-debugpy" if own_of_debian else f"{sys.executable} -m pip install debugpy"
    return f"the debugger debugpy is not installed for {sys.executable}. Install it: {command}"


def inspect():
    """Listens for a debugger on a free loopback port and says where; or why there is none."""
    global _port
    if _port is None:
        # What it would say of modules that Python brings along is no function's output.
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        try:
            import debugpy
        except ImportError:
            send({"type": "inspector", "url": "", "missing": _remedy()})
            return
        # Processes that user code starts are the user's business.
        debugpy.configure(subProcess=False)
        _, _port = debugpy.listen(("127.0.0.1", 0))
    send({"type": "inspector", "url": f"tcp://127.0.0.1:{_port}"})
