<?php

namespace Porchlight;

/** The function of this process: loads what the host names, and hands events to the handler as the contract says. */
final class Instance
{
    private static $contract;
    private static $lifetime = [];
    private static $handler;
    private static $preFreeze;
    private static $preStop;
    /** The load command that is being carried out. */
    private static $loading;
    /** Files that it still has to load. */
    private static $files = [];
    private static $phase = 'load';
    private static $loadStartUs = 0;
    private static $phaseStartUs = 0;
    /** The event that is being handled, and since when. */
    private static $call;
    private static $callStartUs = 0;

    /** `$clock`: see `Clock::follow`. */
    public static function boot(?string $clock): void
    {
        Clock::follow($clock);
        Channel::open();
        Output::capture();
        Errors::watch();
        register_shutdown_function([self::class, 'ended']);
        $zone = getenv('TZ') ?: 'UTC';
        @date_default_timezone_set(\in_array($zone, timezone_identifiers_list(), true) ? $zone : 'UTC');
        Channel::send([
            'type' => 'booted',
            'atUs' => Clock::nowUs(),
            'pid' => getmypid(),
            'version' => PHP_VERSION,
        ]);
    }

    /** Serves the host until a file has to be loaded, which only the caller can do at the top of a script. */
    public static function nextFile(): string
    {
        while (true) {
            if (self::$files) {
                return array_shift(self::$files);
            }
            if (self::$loading !== null) {
                self::loaded();
            }
            [$message, $body] = Channel::next();
            switch ($message['type']) {
                case 'load':
                    self::load($message);
                    break;
                case 'invoke':
                    self::invoke($message, $body);
                    break;
                case 'inspect':
                    Channel::send([
                        'type' => 'inspector',
                        'url' => '',
                        'missing' => 'Porchlight offers no debugging of PHP. With Xdebug, processes connect to an extension that listens '
                            . 'for it when .env says XDEBUG_MODE=debug and XDEBUG_SESSION=1.',
                    ]);
                    break;
                case 'giveBack':
                    Channel::send(['type' => 'gaveBack', 'ids' => []]);
                    break;
                case 'preFreeze':
                    self::preFreeze($message);
                    break;
                case 'stop':
                    self::stop($message);
            }
        }
    }

    private static function load(array $command): void
    {
        self::$loading = $command;
        self::$loadStartUs = self::$phaseStartUs = Clock::nowUs();
        self::$lifetime = $command['context'];
        Output::$positions = !empty($command['positions']);
        self::$contract = require $command['contract'];
        self::$contract->prepare();
        $entries = [$command['entry']];
        foreach (['initializer', 'preFreeze', 'preStop'] as $hook) {
            if (isset($command[$hook])) {
                $entries[] = $command[$hook]['entry'];
            }
        }
        self::$files = array_values(array_unique($entries));
    }

    /** All files are there: finds the functions, and runs the initializer. */
    private static function loaded(): void
    {
        $command = self::$loading;
        try {
            $named = [];
            foreach (['handler' => $command, 'initializer' => $command['initializer'] ?? null, 'preFreeze' => $command['preFreeze'] ?? null, 'preStop' => $command['preStop'] ?? null] as $name => $target) {
                $named[$name] = $target === null ? null : self::$contract->resolve($target['exportName'], $target['handler']);
            }
            self::$preFreeze = $named['preFreeze'];
            self::$preStop = $named['preStop'];
            $end = Clock::nowUs();
            $times = ['loadStartUs' => self::$loadStartUs, 'loadEndUs' => $end];
            if ($named['initializer'] !== null) {
                [self::$phase, self::$phaseStartUs] = ['init', $end];
                self::runHook('initializer', $named['initializer'], $command['hookContext'], self::$loadStartUs);
                $times += ['initStartUs' => $end, 'initEndUs' => Clock::nowUs()];
            }
            self::$handler = $named['handler'];
            self::$loading = null;
            Output::flush();
            Channel::send(['type' => 'loaded'] + $times);
        } catch (\Throwable $error) {
            self::failedToLoad($error);
        }
    }

    /** Loading is over with an error, which is told with the phase in which it happened. */
    public static function failedToLoad(\Throwable $error): void
    {
        self::$loading = null;
        self::$files = [];
        Output::flush();
        Channel::send([
            'type' => 'loadFailed',
            'phase' => self::$phase,
            'startUs' => self::$phaseStartUs,
            'endUs' => Clock::nowUs(),
            'error' => Errors::describe(self::$phase === 'load' ? self::$contract->loadError($error) : $error),
        ]);
    }

    private static function invoke(array $command, string $event): void
    {
        if (self::$handler === null) {
            // Loading failed: that is the answer.
            return;
        }
        self::$call = $command['id'];
        Output::begin(self::$call);
        self::$callStartUs = Clock::nowUs();
        try {
            $body = self::$contract->call(self::$handler, $event, array_replace(self::$lifetime, $command['context']));
            $end = Clock::nowUs();
            Output::flush();
            self::answer(['type' => 'result'], $end, $body);
        } catch (\Throwable $error) {
            $end = Clock::nowUs();
            Output::flush();
            self::answerError($error, $end, []);
        }
        Output::begin(null);
    }

    private static function answerError(\Throwable $error, int $end, array $more): void
    {
        $told = ['type' => 'error', 'handled' => false, 'error' => Errors::describe($error)] + $more;
        self::answer($told, $end, self::$contract->errorBody($error));
    }

    private static function answer(array $answer, int $end, string $body): void
    {
        $id = self::$call;
        self::$call = null;
        Channel::send($answer + [
            'id' => $id,
            'startUs' => self::$callStartUs,
            'endUs' => $end,
            'peakKB' => Clock::peakKB(),
        ], $body);
    }

    /** Runs the hook before the process is frozen; the host hears when it ends, and bounds its time. */
    private static function preFreeze(array $command): void
    {
        if (self::$preFreeze === null) {
            return;
        }
        try {
            self::runHook('preFreeze', self::$preFreeze, $command['context'], null);
        } catch (\Throwable $error) {
            // Told already; an instance is frozen whatever its hook does.
        }
    }

    /** Ends the process the way the host asks: its hook, then what user code registered for the end of a script. */
    private static function stop(array $command): void
    {
        if (self::$preStop !== null) {
            try {
                self::runHook('preStop', self::$preStop, $command['context'], null);
            } catch (\Throwable $error) {
                // Told already; an instance ends whatever its hook does.
            }
        }
        exit(0);
    }

    private static function runHook(string $name, callable $hook, array $context, ?int $loadStartUs): void
    {
        $tell = function (string $edge, array $more) use ($name) {
            Channel::send(['type' => 'hook', 'hook' => $name, 'edge' => $edge, 'atUs' => Clock::nowUs()] + $more);
        };
        $tell('start', $loadStartUs === null ? [] : ['loadStartUs' => $loadStartUs]);
        try {
            self::$contract->hook($hook, array_replace(self::$lifetime, $context));
        } catch (\Throwable $error) {
            Output::flush();
            $tell('end', ['error' => Errors::describe($error)]);
            throw $error;
        }
        Output::flush();
        $tell('end', []);
    }

    /** The script ends. What no code can catch is the answer; an `exit` of the user's the host tells by itself. */
    public static function ended(): void
    {
        if (!Channel::isOurs()) {
            return;
        }
        Output::flush();
        $error = Errors::last();
        if ($error === null) {
            return;
        }
        if (self::$loading !== null) {
            self::failedToLoad($error);
        } elseif (self::$call !== null) {
            self::answerError($error, Clock::nowUs(), ['exiting' => true]);
        }
    }
}
