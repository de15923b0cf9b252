<?php

namespace Porchlight;

/** A logger with the methods of PSR-3, and the shorter names that Monolog had for them. */
final class Logger
{
    private static $levels = [
        'emergency' => 'error',
        'emerg' => 'error',
        'alert' => 'error',
        'critical' => 'error',
        'crit' => 'error',
        'error' => 'error',
        'err' => 'error',
        'warning' => 'warn',
        'warn' => 'warn',
        'notice' => 'info',
        'info' => 'info',
        'debug' => 'debug',
    ];

    public function __call(string $name, array $arguments): bool
    {
        $level = strtolower(preg_replace('/^add/', '', $name));
        if (!isset(self::$levels[$level])) {
            throw new \BadMethodCallException("The logger has no method $name.");
        }
        return $this->log($level, ...$arguments);
    }

    /** `$context`: values that stand behind the message, as JSON. */
    public function log($level, $message = '', array $context = []): bool
    {
        $text = \is_scalar($message) || \is_object($message) && method_exists($message, '__toString')
            ? (string) $message
            : json_encode($message, Channel::ENCODING | JSON_PARTIAL_OUTPUT_ON_ERROR);
        if ($context) {
            $text .= ' ' . json_encode($context, Channel::ENCODING | JSON_PARTIAL_OUTPUT_ON_ERROR);
        }
        $ours = self::$levels[strtolower((string) $level)] ?? 'info';
        if (Channel::isOurs()) {
            Output::tell('stdout', "$text\n", $ours, Output::printer());
        } else {
            fwrite(STDOUT, "$text\n");
        }
        return true;
    }
}
