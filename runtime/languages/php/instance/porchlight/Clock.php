<?php

namespace Porchlight;

/** Microseconds on the monotonic clock that instances share with the host. */
final class Clock
{
    /** What lies between PHP's clock and the host's. */
    private static $offsetUs = 0;

    /**
     * `$host`: the time of day in milliseconds and the host's clock in microseconds, read at the same moment, as
     * `1700000000000:123456`. It is given where PHP's clock is another one than the host's.
     */
    public static function follow(?string $host): void
    {
        if ($host === null || !preg_match('/^(\d+):(\d+)$/', $host, $parts)) {
            return;
        }
        $sinceUs = (int) round(microtime(true) * 1e6) - (int) $parts[1] * 1000;
        self::$offsetUs = (int) $parts[2] + $sinceUs - self::ownUs();
    }

    public static function nowUs(): int
    {
        return self::ownUs() + self::$offsetUs;
    }

    private static function ownUs(): int
    {
        // Before PHP 7.3 there is the time of day alone.
        return \function_exists('hrtime') ? intdiv(hrtime(true), 1000) : (int) round(microtime(true) * 1e6);
    }

    /** Peak resident memory of the process in KiB, as it knows it itself. */
    public static function peakKB(): int
    {
        if (PHP_OS_FAMILY === 'Windows') {
            return intdiv(memory_get_peak_usage(true), 1024);
        }
        $peak = getrusage()['ru_maxrss'];
        return PHP_OS_FAMILY === 'Darwin' ? intdiv($peak, 1024) : $peak;
    }
}
