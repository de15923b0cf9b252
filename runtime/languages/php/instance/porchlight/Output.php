<?php

namespace Porchlight;

/** What a function prints goes to the host as messages: in order with its answer, and complete before any exit. */
final class Output
{
    /** A header of any message stays far below its bound. */
    const LONGEST = 64 * 1024;

    /** Whether to find out which line prints. */
    public static $positions = false;
    /** Id of the invocation that is being handled. */
    private static $call;
    /** How many buffers of the user's lie over ours when no code of theirs runs: none. */
    private static $level = 0;
    /** The last piece of output had no line break at its end. */
    private static $open = false;
    /** Text outside of an invocation whose line has not ended, and where it began. */
    private static $outside = '';
    private static $outsideFrame;
    /** Bytes of a character that is not complete yet. */
    private static $rest = '';

    /** Routes `echo` and everything that PHP prints to the host, from the next byte on. */
    public static function capture(): void
    {
        if (ob_get_level() > 0) {
            return;
        }
        ob_start([self::class, 'take'], 1);
        self::$level = ob_get_level();
    }

    /** What is printed from now on belongs to this invocation; null: to none. */
    public static function begin(?string $call): void
    {
        self::$call = $call;
        self::capture();
    }

    /** Writes out what the user's own buffers hold, as the end of a script does. */
    public static function flush(): void
    {
        while (ob_get_level() > self::$level && @ob_end_flush()) {
        }
        if (self::$outside !== '') {
            self::tellOutside("\n");
        }
    }

    /** The handler of the lowest buffer: is given each piece of output and leaves nothing of it. */
    public static function take(string $text): string
    {
        if (!Channel::isOurs()) {
            // Processes that were forked write to the pipes.
            return $text;
        }
        $text = self::$rest . $text;
        self::$rest = self::incompleteEnd($text);
        if (self::$rest !== '') {
            $text = substr($text, 0, -\strlen(self::$rest));
        }
        if ($text !== '' && self::$call === null) {
            self::tellOutside($text);
        } elseif ($text !== '') {
            $frame = self::$positions ? self::printer() : null;
            $lines = !self::$open && substr($text, -1) === "\n" && !self::isPiece();
            self::tell('stdout', $text, $lines ? 'info' : null, $frame);
            self::$open = substr($text, -1) !== "\n";
        }
        return '';
    }

    /** Outside of an invocation nobody puts pieces together: they wait here for the end of their line. */
    private static function tellOutside(string $text): void
    {
        if (self::$outside === '' && self::$positions) {
            self::$outsideFrame = self::printer();
        }
        $text = self::$outside . $text;
        $end = strrpos($text, "\n");
        if ($end === false && \strlen($text) < self::LONGEST) {
            self::$outside = $text;
            return;
        }
        $whole = $end === false ? $text : substr($text, 0, $end + 1);
        self::$outside = (string) substr($text, \strlen($whole));
        self::tell('stdout', $whole, 'info', self::$outsideFrame);
        self::$outsideFrame = self::$outside !== '' && self::$positions ? self::printer() : null;
    }

    /** Sends output. With a level it is one entry, of which no log keeps more; otherwise the host cuts it into lines. */
    public static function tell(string $stream, string $text, ?string $level, ?array $frame): void
    {
        $message = ['type' => 'log', 'atUs' => Clock::nowUs(), 'stream' => $stream];
        if (self::$call !== null) {
            $message['id'] = self::$call;
        }
        if ($level !== null) {
            $message['level'] = $level;
        }
        if ($frame !== null) {
            $message['frame'] = $frame;
        }
        $length = \strlen($text);
        for ($at = 0; $at < $length; $at += \strlen($piece)) {
            $piece = substr($text, $at, self::LONGEST);
            if ($at + self::LONGEST < $length) {
                $cut = self::incompleteEnd($piece);
                $piece = $cut === '' ? $piece : substr($piece, 0, -\strlen($cut));
            }
            Channel::send($message + ['text' => $piece]);
            if ($level !== null) {
                return;
            }
        }
    }

    /** The nearest place in code that is not ours: file, line, column. */
    public static function printer(): ?array
    {
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 12) as $frame) {
            if (isset($frame['file'], $frame['line']) && !Errors::isOurs($frame['file'])) {
                return Errors::place($frame['file'], $frame['line']);
            }
        }
        return null;
    }

    /** Whether a function prints that does so in pieces: theirs are lines, not entries. */
    private static function isPiece(): bool
    {
        $function = debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 3)[2]['function'] ?? '';
        return \in_array($function, ['var_dump', 'debug_zval_dump', 'phpinfo'], true);
    }

    /** The bytes at a text's end that begin a character of UTF-8 and do not complete it. */
    private static function incompleteEnd(string $text): string
    {
        if ($text === '' || $text[-1] < "\x80") {
            return '';
        }
        $begun = preg_match('/(?:[\xC2-\xDF]|[\xE0-\xEF][\x80-\xBF]?|[\xF0-\xF4][\x80-\xBF]{0,2})$/D', substr($text, -3), $found);
        return $begun ? $found[0] : '';
    }
}
