<?php

use Porchlight\ContractError;
use Porchlight\Errors;
use Porchlight\Logger;

/*
 * How Alibaba Function Compute calls a PHP handler: `handler($event, $context)` with the event as a string and the context
 * as an array. Sources: FC documentation "PHP handlers", "Initializer" and "Context".
 */

return new class {
    /** The global that the platform's runtime provides; called before user code loads. */
    public function prepare(): void
    {
        $GLOBALS['fcLogger'] = new Logger();
    }

    /** The function that a handler string names; its file is loaded. */
    public function resolve(string $name, string $handler): callable
    {
        if (!is_callable($name)) {
            $module = substr($handler, 0, strrpos($handler, '.'));
            throw new ContractError('HandlerNotFound', "Handler '$name' is missing on module '$module'");
        }
        return $name;
    }

    /** What the platform says of an error while loading. */
    public function loadError(\Throwable $error): \Throwable
    {
        if ($error instanceof \ParseError || $error instanceof \CompileError) {
            return new ContractError('UserCodeSyntaxError', $error->getMessage(), $error);
        }
        return $error;
    }

    /** Calls a handler; its answer as bytes. */
    public function call(callable $handler, string $event, array $data): string
    {
        $result = $handler($event, $this->context($data));
        if (is_string($result)) {
            return $result;
        }
        if ($result === null) {
            return '';
        }
        $json = json_encode($result);
        if ($json === false) {
            throw new \UnexpectedValueException('The result cannot be written as JSON: ' . json_last_error_msg());
        }
        return $json;
    }

    /** Runs an initializer or pre-stop hook. */
    public function hook(callable $hook, array $data): void
    {
        $hook($this->context($data));
    }

    /** The body an invoke caller gets for an error. */
    public function errorBody(\Throwable $error): string
    {
        return json_encode([
            'errorMessage' => Errors::textOf($error),
            'errorType' => Errors::typeOf($error),
            'stackTrace' => [
                'file' => $error->getFile(),
                'line' => $error->getLine(),
                'traceString' => implode("\n", Errors::framesOf($error)),
            ],
        ], JSON_INVALID_UTF8_SUBSTITUTE);
    }

    private function context(array $data): array
    {
        unset($data['runtime']);
        // The names of a hook are empty where none is configured.
        $data['function'] += ['initializer' => '', 'initializationTimeout' => 0];
        return $data;
    }
};
