<?php

namespace Porchlight;

/** The way to and from the host: frames `[u32 header length][u32 body length][header: JSON][body]`, little endian. */
final class Channel
{
    const LONGEST_BODY = 256 * 1024 * 1024;
    const ENCODING = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;

    private static $in;
    private static $out;
    private static $waiting = [];
    private static $writing = false;
    private static $pid;

    /** Opens descriptors 3 and 4. They are sockets, for which PHP would stop waiting after a minute. */
    public static function open(): void
    {
        $usual = ini_set('default_socket_timeout', '-1');
        self::$in = fopen('php://fd/3', 'rb');
        self::$out = fopen('php://fd/4', 'wb');
        ini_set('default_socket_timeout', (string) $usual);
        if (!self::$in || !self::$out) {
            exit(1);
        }
        stream_set_chunk_size(self::$in, 64 * 1024);
        stream_set_write_buffer(self::$out, 0);
        self::$pid = getmypid();
    }

    /** Whether this process is the one the host started; what it forked has no channel. */
    public static function isOurs(): bool
    {
        return getmypid() === self::$pid;
    }

    /** Sends a frame before it returns: what was said before an exit has left the process. */
    public static function send(array $message, string $body = ''): void
    {
        if (\strlen($body) > self::LONGEST_BODY) {
            $message['omittedBytes'] = \strlen($body);
            $body = '';
        }
        $header = json_encode($message, self::ENCODING);
        self::$waiting[] = pack('VV', \strlen($header), \strlen($body)) . $header;
        if ($body !== '') {
            self::$waiting[] = $body;
        }
        if (self::$writing) {
            // A handler of a signal prints in the middle of a frame: its own follows.
            return;
        }
        self::$writing = true;
        while (self::$waiting) {
            self::write(array_shift(self::$waiting));
        }
        self::$writing = false;
    }

    /** Waits for the next message; gives it and its body. The process ends when the host is gone. */
    public static function next(): array
    {
        $lengths = unpack('Vheader/Vbody', self::take(8));
        $message = json_decode(self::take($lengths['header']), true);
        return [$message, self::take($lengths['body'])];
    }

    private static function write(string $data): void
    {
        $length = \strlen($data);
        for ($done = 0; $done < $length; $done += $written) {
            // A large rest is not copied for each piece that the socket takes.
            $written = @fwrite(self::$out, $done === 0 ? $data : substr($data, $done, 1024 * 1024));
            if ($written === false || $written === 0) {
                self::leave();
            }
        }
    }

    private static function take(int $length): string
    {
        if ($length === 0) {
            return '';
        }
        $data = '';
        while (\strlen($data) < $length) {
            $piece = @fread(self::$in, min($length - \strlen($data), 1024 * 1024));
            if ($piece === false || ($piece === '' && feof(self::$in))) {
                self::leave();
            }
            $data .= $piece;
        }
        return $data;
    }

    /** The host is gone: nobody is left to answer to, and an instance must not live on. */
    private static function leave(): void
    {
        if (\function_exists('posix_kill')) {
            posix_kill(getmypid(), 9);
        }
        exit(1);
    }
}
