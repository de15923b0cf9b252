"""What is said of an exception: its type, its text, the user's frames, and the place in the user's code."""

import os

_LONGEST_TEXT = 100_000
_LONGEST_LINE = 4000
_MOST_LINES = 60

_OWN = os.path.dirname(os.path.abspath(__file__))


class ContractError(Exception):
    """An error whose type the platform names, e.g. `Runtime.HandlerNotFound`."""

    def __init__(self, type_name, message, frames=()):
        super().__init__(message)
        self.type = type_name
        # Lines as a traceback has them.
        self.frames = list(frames)
        # Where it is in the user's code: file, line, column.
        self.at = None


def _cut(text, length):
    return text if len(text) <= length else text[:length] + "…"


def type_of(error):
    """The name of an exception's class."""
    return error.type if isinstance(error, ContractError) else type(error).__name__


def text_of(error):
    """The text of an exception, whatever its own methods do."""
    try:
        return _cut(str(error), _LONGEST_TEXT)
    except Exception:
        return "The exception cannot be shown: reading it throws."


def _is_ours(file):
    return file.startswith(_OWN) or file.replace("\\", "/").endswith(".contract.py")


def _is_machinery(file):
    name = file.replace("\\", "/")
    return name.startswith("<frozen importlib") or name.endswith("/importlib/__init__.py")


def _is_users(file):
    """Whether a file is own code, not a package's and not Python's."""
    if file.startswith("<") or "site-packages" in file or "dist-packages" in file:
        return False
    return not file.startswith(os.path.dirname(os.__file__)) and not _is_ours(file)


def frames_of(error):
    """The frames of a traceback from the user's first on, as `traceback` summarizes them."""
    import traceback

    frames = list(traceback.extract_tb(error.__traceback__))
    return [frame for frame in frames if not _is_ours(frame.filename) and not _is_machinery(frame.filename)]


def trace_of(error):
    """Each frame as a traceback writes it: one text of one or two lines."""
    if isinstance(error, ContractError):
        return error.frames
    import traceback

    # Without the marks below a line that newer versions add when they print.
    return traceback.format_list([tuple(frame) for frame in frames_of(error)])


def place_of(error):
    """Where in the user's code an exception was raised: file, line, column; None when it is not known."""
    if isinstance(error, ContractError):
        return error.at
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return [error.filename, error.lineno, max(1, error.offset or 1)]
    for frame in reversed(frames_of(error)):
        if _is_users(frame.filename) and frame.lineno:
            return [frame.filename, frame.lineno, (getattr(frame, "colno", None) or 0) + 1]
    return None


def describe(error):
    """The raw error of the instance protocol."""
    lines = [_cut(line, _LONGEST_LINE) for entry in trace_of(error) for line in entry.rstrip("\n").split("\n")]
    head = ["Traceback (most recent call last):"] if lines else []
    described = {"type": type_of(error), "message": text_of(error), "stack": head + lines[-_MOST_LINES:]}
    at = place_of(error)
    if at is not None:
        described["at"] = at
    return described


def own_folder():
    """Our folder, for a debugger that is not to step into it."""
    return _OWN
