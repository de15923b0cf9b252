<?php

/*
 * Stands for PHP's own function, which is disabled in instances: it would write to a pipe, where neither the line that
 * called it nor the order with other output is known.
 */

function error_log(
    string $message,
    int $message_type = 0,
    ?string $destination = null,
    ?string $additional_headers = null
): bool {
    if ($message_type === 1) {
        return mail((string) $destination, 'PHP error_log message', $message, (string) $additional_headers);
    }
    if ($message_type === 3) {
        return file_put_contents((string) $destination, $message, FILE_APPEND) !== false;
    }
    \Porchlight\Errors::log($message, 'error', \Porchlight\Output::printer());
    return true;
}
