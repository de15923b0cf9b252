"""The way to and from the host: frames `[u32 header length][u32 body length][header: JSON][body]`, little endian."""

import _thread
import json
import os
import struct
import time

from .system import keep_from_children

# Descriptors of the instance protocol.
FROM_HOST = 3
TO_HOST = 4

# All that lead to the host.
descriptors = [FROM_HOST, TO_HOST]

_PREFIX = struct.Struct("<II")
_LONGEST_BODY = 256 * 1024 * 1024
_CHUNK = 64 * 1024

_lock = _thread.RLock()
_outgoing = []
_writing = False
_encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


def _write_all(data):
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(TO_HOST, rest) :]
        except BlockingIOError:
            time.sleep(0.001)
        except OSError:
            # The host is gone, or user code closed the descriptor; nobody is left to answer to.
            os._exit(1)


def send(message, body=b""):
    """Sends a frame before it returns: what was said before an exit has left the process."""
    global _writing
    if len(body) > _LONGEST_BODY:
        message = {**message, "omittedBytes": len(body)}
        body = b""
    header = _encode(message).encode()
    data = _PREFIX.pack(len(header), len(body)) + header
    with _lock:
        if len(body) <= _CHUNK:
            _outgoing.append(data + body)
        else:
            _outgoing.extend((data, body))
        if _writing:
            # A handler of a signal prints in the middle of a frame: its own follows.
            return
        _writing = True
        try:
            while _outgoing:
                _write_all(_outgoing.pop(0))
        finally:
            _writing = False


class Receiver:
    """Reads what the host says, one message after the other."""

    def __init__(self):
        for descriptor in (FROM_HOST, TO_HOST):
            keep_from_children(descriptor)
        # Code that closes descriptors it does not know closes the one of the protocol, not this one.
        self._descriptor = os.dup(FROM_HOST)
        descriptors.append(self._descriptor)
        self._data = bytearray()

    def next(self):
        """Waits for the next message and its body; ends the process when the host is gone."""
        header_length, body_length = _PREFIX.unpack(self._take(_PREFIX.size))
        message = json.loads(self._take(header_length))
        return message, bytes(self._take(body_length))

    def _take(self, length):
        data = self._data
        while len(data) < length:
            try:
                chunk = os.read(self._descriptor, max(_CHUNK, min(length - len(data), 1024 * 1024)))
            except BlockingIOError:
                time.sleep(0.001)
                continue
            except OSError:
                os._exit(1)
            if not chunk:
                # An instance without a host must not live on.
                os._exit(0)
            data += chunk
        taken = data[:length]
        del data[:length]
        return taken
