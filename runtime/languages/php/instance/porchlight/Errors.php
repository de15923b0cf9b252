<?php

namespace Porchlight;

/** An error whose type the platform names, e.g. `HandlerNotFound`. */
final class ContractError extends \Exception
{
    public $type;

    public function __construct(string $type, string $message, ?\Throwable $of = null)
    {
        parent::__construct($message, 0, $of);
        $this->type = $type;
    }
}

/** What is said of an error: its type, its text, the user's frames, and the place in the user's code. */
final class Errors
{
    const LONGEST_TEXT = 100000;
    const LONGEST_LINE = 4000;
    const MOST_FRAMES = 60;

    private static $words = [
        E_ERROR => 'Fatal error',
        E_WARNING => 'Warning',
        E_PARSE => 'Parse error',
        E_NOTICE => 'Notice',
        E_CORE_ERROR => 'Fatal error',
        E_CORE_WARNING => 'Warning',
        E_COMPILE_ERROR => 'Fatal error',
        E_COMPILE_WARNING => 'Warning',
        E_USER_ERROR => 'Fatal error',
        E_USER_WARNING => 'Warning',
        E_USER_NOTICE => 'Notice',
        E_RECOVERABLE_ERROR => 'Recoverable fatal error',
        E_DEPRECATED => 'Deprecated',
        E_USER_DEPRECATED => 'Deprecated',
    ];

    const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** Tells warnings and notices as they come. A function may put a handler of its own in front, as everywhere. */
    public static function watch(): void
    {
        set_error_handler([self::class, 'report']);
    }

    /** Handler of PHP's errors; false leaves them to PHP. */
    public static function report(int $kind, string $text, string $file, int $line): bool
    {
        // What is silenced by @ is kept for `error_get_last`; what is fatal ends the process.
        if (!(error_reporting() & $kind) || $kind & self::FATAL || !Channel::isOurs()) {
            return false;
        }
        $word = self::$words[$kind] ?? 'Warning';
        self::log("PHP $word:  $text in $file on line $line", 'warn', self::place($file, $line));
        return true;
    }

    /** Writes to the error log. */
    public static function log(string $text, string $level, ?array $frame): void
    {
        if (!Channel::isOurs()) {
            fwrite(STDERR, "$text\n");
            return;
        }
        Output::tell('stderr', "$text\n", $level, $frame);
    }

    /** The error that ended the process, if one did. */
    public static function last(): ?\Throwable
    {
        $last = error_get_last();
        if ($last === null || !($last['type'] & self::FATAL)) {
            return null;
        }
        return new class ($last) extends \ErrorException {
            public $type = 'FatalError';

            public function __construct(array $last)
            {
                // An exception that nothing caught is told with its trace, which begins on the second line.
                [$text] = explode("\n", $last['message'], 2);
                parent::__construct($text, 0, $last['type'], $last['file'], $last['line']);
            }
        };
    }

    /** The raw error of the instance protocol. */
    public static function describe(\Throwable $error): array
    {
        $described = [
            'type' => self::cut(self::typeOf($error), self::LONGEST_LINE),
            'message' => self::cut(self::textOf($error), self::LONGEST_TEXT),
            'stack' => self::stackOf($error),
        ];
        $at = self::placeOf($error);
        return $at === null ? $described : $described + ['at' => $at];
    }

    public static function typeOf(\Throwable $error): string
    {
        if (isset($error->type) && \is_string($error->type) && self::isOurs((new \ReflectionClass($error))->getFileName() ?: '')) {
            return $error->type;
        }
        // The name of an anonymous class goes on with its file, behind a null byte.
        return explode("\0", \get_class($error))[0];
    }

    public static function textOf(\Throwable $error): string
    {
        $text = $error->getMessage();
        return \is_string($text) ? $text : '';
    }

    /** The frames as PHP writes them, without ours and without arguments, which may hold secrets. */
    public static function framesOf(\Throwable $error): array
    {
        $lines = [];
        foreach ($error->getTrace() as $frame) {
            if (self::isOurFunction($frame)) {
                continue;
            }
            // What is called by us is called from nowhere, as PHP says of its own callers.
            $known = isset($frame['file'], $frame['line']) && !self::isOurs($frame['file']);
            $where = $known ? "{$frame['file']}({$frame['line']})" : '[internal function]';
            $what = ($frame['class'] ?? '') . ($frame['type'] ?? '') . $frame['function'];
            $lines[] = '#' . \count($lines) . ' ' . explode("\0", "$where: $what")[0] . '()';
            if (\count($lines) >= self::MOST_FRAMES) {
                break;
            }
        }
        $lines[] = '#' . \count($lines) . ' {main}';
        return $lines;
    }

    private static function stackOf(\Throwable $error): array
    {
        $of = $error instanceof ContractError ? $error->getPrevious() : $error;
        $lines = [];
        for ($each = $of; $each !== null && \count($lines) < self::MOST_FRAMES; $each = $each->getPrevious()) {
            $head = self::typeOf($each) . ': ' . explode("\n", self::textOf($each))[0];
            $lines[] = ($each === $of ? '' : 'Previous: ') . $head . " in {$each->getFile()}:{$each->getLine()}";
            array_push($lines, ...self::framesOf($each));
        }
        return array_map(function ($line) {
            return self::cut($line, self::LONGEST_LINE);
        }, \array_slice($lines, 0, self::MOST_FRAMES));
    }

    /** Where in the user's code an error came from; null when it is not known. */
    private static function placeOf(\Throwable $error): ?array
    {
        if ($error instanceof ContractError) {
            return $error->getPrevious() === null ? null : self::placeOf($error->getPrevious());
        }
        $places = array_merge([['file' => $error->getFile(), 'line' => $error->getLine()]], $error->getTrace());
        $outermost = null;
        foreach ($places as $place) {
            if (!isset($place['file'], $place['line']) || self::isOurs($place['file'])) {
                continue;
            }
            $at = self::place($place['file'], $place['line']);
            if (!preg_match('~[\\\\/]vendor[\\\\/]~', $place['file'])) {
                return $at;
            }
            $outermost = $outermost ?? $at;
        }
        return $outermost;
    }

    /** File, line and column; code that is made by `eval` stands where that is called. */
    public static function place(string $file, int $line): array
    {
        if (preg_match('/^(.+?)\((\d+)\) : (?:eval\(\)\'d code|runtime-created function)/', $file, $parts)) {
            return [$parts[1], (int) $parts[2], 1];
        }
        return [$file, max(1, $line), 1];
    }

    public static function isOurs(string $file): bool
    {
        return strpos($file, \dirname(__DIR__)) === 0 || substr($file, -13) === '.contract.php';
    }

    private static function isOurFunction(array $frame): bool
    {
        $class = $frame['class'] ?? '';
        if (strpos($class, 'Porchlight\\') === 0 || strpos($class, '.contract.php') !== false) {
            return true;
        }
        // The user's files are loaded by ours.
        return strpos($frame['function'], 'require') === 0 && self::isOurs($frame['file'] ?? '');
    }

    private static function cut(string $text, int $length): string
    {
        return \strlen($text) <= $length ? $text : substr($text, 0, $length) . '…';
    }
}
