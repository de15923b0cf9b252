"""
What OpenFaaS expects of a container beside the function's answers (openfaas/of-watchdog): that it tells how it is, refuses what is too
much, counts its requests, and goes on for a while after it was asked to end. `start.json` says whether it is wanted.
"""

import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler

# Upper bounds of the histogram, in seconds: those that Prometheus's client of Go has by default.
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# Others are counted as one, so that nobody makes the list grow.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"}
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


class Watchdog:
    def __init__(self, start):
        self._start = start
        limit = os.environ.get("max_inflight", "").strip()
        # 0: no limit.
        self._most = int(limit) if re.fullmatch(r"\d{1,9}", limit) else 0
        self._lock = threading.Lock()
        self._in_flight = 0
        self._series = {}
        self._ending = False

    def begin(self, server_on):
        """The function takes requests from now on; `server_on` makes a server of a port and a handler."""
        lock_file = self._start["lockFile"]
        if os.environ.get("suppress_lock", "").strip().lower() not in ("true", "1"):
            try:
                with open(lock_file, "w"):
                    pass
            except OSError as error:
                hint = "set suppress_lock to true if nobody looks for it"
                print(f"{lock_file} cannot be written; {hint}: {error}", file=sys.stderr, flush=True)
        try:
            server = server_on(self._start["metricsPort"], _metrics_handler(self.text))
        except OSError as error:
            # Nobody may count then, but the function answers.
            print(f"Nothing tells of requests: {error}", file=sys.stderr, flush=True)
            return
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def end(self):
        """Tells that it ends, and waits until whoever sends requests has had the time to see it."""
        self._ending = True
        try:
            os.remove(self._start["lockFile"])
        except OSError:
            # It was never made.
            pass
        time.sleep((_duration_ms(os.environ.get("healthcheck_interval", "")) or 0) / 1000)

    def asked(self, path):
        """Status and text for a request that is for the watchdog itself; None for those that are not."""
        if path not in (self._start["healthPath"], self._start["readyPath"]):
            return None
        if self._ending:
            return 503, "ending"
        if path == self._start["readyPath"] and self._is_full():
            return 429, self.refusal
        return 200, "OK"

    @property
    def refusal(self):
        return f"Concurrent requests are limited to {self._most}.\n"

    def admit(self, method):
        """Whether there may be one more request; then `leave` has to be called."""
        with self._lock:
            if not self._is_full():
                self._in_flight += 1
                return True
            self._count(method, 429, 0)
            return False

    def leave(self, method, status, seconds):
        with self._lock:
            self._in_flight -= 1
            self._count(method, status, seconds)

    def timeout_ms(self, usual_ms, wanted):
        """`exec_timeout`, as the container's variables say it, and what the caller wants to be less."""
        named = _duration_ms(os.environ.get("exec_timeout", ""))
        # A caller's has a unit.
        less = None if re.fullmatch(r"\s*\d*\s*", wanted or "") else _duration_ms(wanted)
        bounds = [ms for ms in (usual_ms if named is None else named, less) if ms]
        return min(bounds) if bounds else None

    def _is_full(self):
        return self._most > 0 and self._in_flight >= self._most

    def _count(self, method, status, seconds):
        name = method.lower() if method in _METHODS else "unknown"
        labels = f'code="{status}",method="{name}"'
        series = self._series.setdefault(labels, {"count": 0, "sum": 0.0, "buckets": [0] * len(_BOUNDS)})
        series["count"] += 1
        series["sum"] += seconds
        for at, bound in enumerate(_BOUNDS):
            if seconds <= bound:
                series["buckets"][at] += 1

    def text(self):
        """Requests, as Prometheus reads them (its text format, version 0.0.4)."""
        with self._lock:
            name = "http_request_duration_seconds"
            lines = [
                *_about("http_requests_in_flight", "gauge", "Requests that are being answered."),
                f"http_requests_in_flight {self._in_flight}",
                *_about("http_requests_total", "counter", "Requests that were answered."),
                *(f"http_requests_total{{{labels}}} {one['count']}" for labels, one in self._series.items()),
                *_about(name, "histogram", "Seconds that answers took."),
            ]
            for labels, one in self._series.items():
                for at, bound in enumerate(_BOUNDS):
                    lines.append(f'{name}_bucket{{{labels},le="{bound}"}} {one["buckets"][at]}')
                lines.append(f'{name}_bucket{{{labels},le="+Inf"}} {one["count"]}')
                lines.append(f"{name}_sum{{{labels}}} {one['sum']}")
                lines.append(f"{name}_count{{{labels}}} {one['count']}")
        return "\n".join(lines) + "\n"


def _about(name, kind, text):
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def _duration_ms(text):
    """Milliseconds of a duration as Go writes it (`1m30s`), or of whole seconds; None for anything else."""
    given = text.strip()
    if re.fullmatch(r"\d+", given):
        return int(given) * 1000
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h))+", given):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", given))


def _metrics_handler(text):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path.partition("?")[0] == "/metrics"
            body = text().encode() if found else b"Not Found"
            self.send_response_only(200 if found else 404)
            self.send_header("content-type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Who asks is not told."""

    return Handler
