"""What a function prints goes to the host as messages: in order with its answer, and complete before any exit."""

import builtins
import codecs
import io
import os
import sys

from .channel import send
from .system import now_us

# A header of any message stays far below its bound.
_LONGEST = 64 * 1024

_levels = ((40, "error"), (30, "warn"), (20, "info"), (10, "debug"))

# Id of the invocation that is being handled.
_current = None
# Processes that were forked write to the pipes: the channel is their parent's.
_direct = False
# There is no host at all: entries have the form that the platform gives them.
_alone = False


def set_current(call_id):
    """What is printed from now on belongs to this invocation; None: to none."""
    global _current
    _current = call_id


def current():
    """Id of the invocation that is being handled, or None."""
    return _current


def level_of(number):
    """Our word for a level of `logging`."""
    for least, word in _levels:
        if number >= least:
            return word
    return "trace"


def tell(stream, text, level=None, frame=None):
    """Sends output. With a level it is one entry, of which no log keeps more; otherwise it is told whole."""
    message = {"type": "log", "atUs": now_us(), "stream": stream}
    if _current is not None:
        message["id"] = _current
    if level is not None:
        message["level"] = level
        if frame is not None:
            message["frame"] = frame
        send({**message, "text": text[:_LONGEST]})
        return
    for start in range(0, len(text), _LONGEST):
        send({**message, "text": text[start : start + _LONGEST]})


def _entry_behind(writer):
    """Level and place of a message that the standard library writes: a logger's, or a warning."""
    code = writer.f_code
    if code.co_name == "emit" and code.co_filename.replace("\\", "/").endswith("/logging/__init__.py"):
        record = writer.f_locals.get("record")
        try:
            return level_of(record.levelno), [record.pathname, record.lineno, 1]
        except AttributeError:
            return None
    if code.co_name == "_showwarnmsg_impl":
        message = writer.f_locals.get("msg")
        try:
            return "warn", [message.filename, message.lineno, 1]
        except AttributeError:
            return None
    return None


class _Buffer(io.BufferedIOBase):
    """Takes the bytes that are written past the text layer."""

    def __init__(self, stream):
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self):
        return True

    def write(self, data):
        length = memoryview(data).nbytes
        if _direct:
            os.write(self.fileno(), data)
        else:
            tell(self._stream.kind, self._decoder.decode(bytes(data)))
        return length

    def fileno(self):
        return self._stream.fileno()

    @property
    def raw(self):
        return self


class _Stream(io.TextIOBase):
    """Stands for `sys.stdout` or `sys.stderr`."""

    encoding = "utf-8"
    errors = "backslashreplace"
    line_buffering = True
    write_through = True
    mode = "w"

    def __init__(self, kind, descriptor):
        self.kind = kind
        self.name = f"<{kind}>"
        self._descriptor = descriptor
        self._buffer = _Buffer(self)

    @property
    def buffer(self):
        return self._buffer

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        return self._descriptor

    def reconfigure(self, **_):
        """Text always goes out at once, as it is."""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if _direct:
            os.write(self._descriptor, text.encode("utf-8", "backslashreplace"))
        elif text:
            entry = _entry_behind(sys._getframe(1))
            tell(self.kind, text, *(entry or ()))
        return len(text)


_print = builtins.print


def _captured_print(*values, sep=None, end=None, file=None, flush=False):
    stream = sys.stdout if file is None else file
    if not isinstance(stream, _Stream) or stream.closed:
        return _print(*values, sep=sep, end=end, file=file, flush=flush)
    for name, value in (("sep", sep), ("end", end)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be None or a string, not {type(value).__name__}")
    text = (" " if sep is None else sep).join([str(value) for value in values])
    ending = "\n" if end is None else end
    if _direct or ending != "\n":
        # Not a line yet, or one of a process of its own, which is written at once.
        stream.write(text + ending)
        return None
    caller = sys._getframe(1)
    level = "error" if stream.kind == "stderr" else "info"
    tell(stream.kind, text + ending, level, [caller.f_code.co_filename, caller.f_lineno, 1])
    return None


_captured_print.__name__ = _captured_print.__qualname__ = "print"
_captured_print.__doc__ = _print.__doc__


def _in_forked_child():
    global _direct
    _direct = True
    from . import channel

    for descriptor in channel.descriptors:
        try:
            os.close(descriptor)
        except OSError:
            # User code closed it before.
            pass


def write_directly():
    """From now on output goes to where the process was given it: there is no host."""
    global _direct, _alone
    _direct = _alone = True


def capture():
    """Routes the output of this process to the host."""
    sys.stdout = _Stream("stdout", 1)
    sys.stderr = _Stream("stderr", 2)
    builtins.print = _captured_print
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_forked_child)


def root_handler(logging, form, dates, request_id_field, level=None):
    """
    Gives the root logger the handler that the platform's runtime gives it. As long as the user sets no form of their
    own, entries hold the message alone: time, level and request stand beside it.
    """
    import time

    plain = logging.Formatter()

    class Handler(logging.Handler):
        def emit(self, record):
            try:
                formatter = plain if self.formatter is standard and not _alone else self.formatter or plain
                text = formatter.format(record).rstrip("\n")
                if _direct:
                    os.write(1, (text + "\n").encode("utf-8", "backslashreplace"))
                else:
                    place = [record.pathname, record.lineno, 1]
                    tell("stdout", text + "\n", level_of(record.levelno), place)
            except RecursionError:
                raise
            except Exception:
                self.handleError(record)

    class RequestId(logging.Filter):
        def filter(self, record):
            setattr(record, request_id_field, _current or "")
            return True

    logging.Formatter.converter = time.gmtime
    standard = logging.Formatter(form, dates)
    handler = Handler()
    handler.setFormatter(standard)
    handler.addFilter(RequestId())
    root = logging.getLogger()
    root.addHandler(handler)
    if level is not None:
        root.setLevel(level)
