"""Requests of user code to the gateway say which invocation sends them: all clients that are built on `http.client`."""

import os
import re

from .late import when_loaded
from .output import current

_HEADER = "x-porchlight-caller"
_VARIABLE = "PORCHLIGHT_GATEWAY"
_LOOPBACK = re.compile(r"(127(\.\d{1,3}){3}|([a-z0-9-]+\.)*localhost|\[?::1\]?)", re.IGNORECASE)


def name_caller():
    """From now on such requests carry the header."""
    found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)", os.environ.get(_VARIABLE, ""))
    if found:
        port = int(found[1])
        when_loaded("http.client", lambda module: _mark(module.HTTPConnection, port))


def _mark(connection, port):
    end_headers = connection.endheaders

    def endheaders(self, *args, **more):
        call = current()
        if call is not None and self.port == port and _LOOPBACK.fullmatch(str(self.host)):
            self.putheader(_HEADER, call)
        return end_headers(self, *args, **more)

    connection.endheaders = endheaders
