"""What differs by operating system."""

import os
import sys
import time

if sys.platform == "darwin":
    # The clock that also goes on while the machine sleeps, as the host's does.
    def now_us():
        """Microseconds on the clock shared with the host."""
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW) // 1000

elif sys.platform == "win32":

    def now_us():
        """Microseconds on the clock shared with the host."""
        return time.perf_counter_ns() // 1000

else:

    def now_us():
        """Microseconds on the clock shared with the host."""
        return time.monotonic_ns() // 1000


def _peak_on_windows():
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [("cb", wintypes.DWORD), ("faults", wintypes.DWORD), ("peak", ctypes.c_size_t)] + [
            (f"other{index}", ctypes.c_size_t) for index in range(7)
        ]

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = [wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD]
    known = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return counters.peak // 1024 if known else 0


def peak_kb():
    """Peak resident memory of the process in KiB, as it knows it itself."""
    if sys.platform == "win32":
        return _peak_on_windows()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def keep_from_children(descriptor):
    """Programs that user code starts get no hold of our channel."""
    try:
        os.set_inheritable(descriptor, False)
    except OSError:
        # Not there: the first use of it says so.
        pass
