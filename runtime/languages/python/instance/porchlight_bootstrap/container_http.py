"""The HTTP side of a container: threads read requests and write answers, the function is called elsewhere."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What a request may have; a function on a developer's machine gets no more, either.
_LARGEST = 32 * 1024 * 1024


class _TooLarge(Exception):
    pass


def serve(function, start, host, port, watchdog=None):
    """Listens in threads of its own from now on: before, a cluster sees that the function is not ready."""

    check_paths = start["checkPaths"]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer leaves in one piece, without waiting for more.
        wbufsize = -1
        disable_nagle_algorithm = True

        def __getattr__(self, name):
            if name.startswith("do_"):
                return self._serve
            raise AttributeError(name)

        def _serve(self):
            self._since, self._status = time.monotonic(), 0
            path = self.path.partition("?")[0]
            told = watchdog and watchdog.asked(path)
            if told or (watchdog and not watchdog.admit(self.command)):
                # What it sends is not read.
                self.close_connection = True
                self._watched = False
                status, text = told or (429, watchdog.refusal)
                return self._send(status, [["content-type", "text/plain"]], text.encode())
            self._watched = watchdog is not None
            try:
                self._answer(path)
            finally:
                if watchdog:
                    watchdog.leave(self.command, self._status, time.monotonic() - self._since)

        def _answer(self, path):
            try:
                body = _body_of(self)
            except _TooLarge:
                self.close_connection = True
                return self._send(413, [["content-type", "text/plain"]], b"Request body is too large")
            except ValueError:
                self.close_connection = True
                return self._send(400, [["content-type", "text/plain"]], b"Bad Request")
            from .container import event_of, read_answer

            headers = [[name, value] for name, value in self.headers.items()]
            event = event_of(self.command, self.path, headers, body, self.client_address[0])
            timeout_ms = start.get("timeoutMs")
            if watchdog:
                timeout_ms = watchdog.timeout_ms(timeout_ms, self.headers.get("x-timeout"))
            result = function.check(event) if path in check_paths else function.answer(event, timeout_ms)
            if result is None:
                return self._send(504, [["content-type", "text/plain"]], b"request timeout")
            return self._send(*read_answer(result))

        def _send(self, status, headers, body):
            empty = status in (204, 304)
            self._status = status
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, str(value).replace("\r", "").replace("\n", ""))
            if not empty and not any(name.lower() == "content-length" for name, _ in headers):
                self.send_header("content-length", str(len(body)))
            if self._watched:
                self.send_header("X-Duration-Seconds", f"{time.monotonic() - self._since:.6f}")
            if function.ending or self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            if not empty and self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_):
            """The proxy in front writes who asked for what."""

    server = _server(host, port, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if watchdog:
        watchdog.begin(lambda port, handler: _server(host, port, handler))


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


def _server(host, port, handler):
    import socket

    if host:
        return _Server((host, port), handler)

    class Dual(_Server):
        address_family = socket.AF_INET6

        def server_bind(self):
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            super().server_bind()

    try:
        return Dual(("::", port), handler)
    except OSError:
        # A network without IPv6.
        return _Server(("0.0.0.0", port), handler)


def _body_of(request):
    if "chunked" in request.headers.get("transfer-encoding", "").lower():
        return _chunked(request.rfile)
    length = int(request.headers.get("content-length") or 0)
    if length < 0:
        raise ValueError
    if length > _LARGEST:
        raise _TooLarge
    return request.rfile.read(length)


def _chunked(stream):
    body = bytearray()
    while True:
        size = int(stream.readline(1024).partition(b";")[0], 16)
        if size < 0:
            raise ValueError
        if len(body) + size > _LARGEST:
            raise _TooLarge
        if size == 0:
            break
        body += stream.read(size)
        stream.readline(8)
    # What may follow the last chunk is passed over.
    while stream.readline(8192) not in (b"\r\n", b"\n", b""):
        pass
    return bytes(body)
