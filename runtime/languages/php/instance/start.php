<?php

/*
 * The first code of every PHP instance. Files of the function are loaded here and nowhere else: only at the top of a
 * script are their variables global, as they are in the script that a web server runs.
 */

foreach (['Clock', 'Channel', 'Output', 'Errors', 'Logger', 'Instance'] as $porchlight) {
    require __DIR__ . "/porchlight/$porchlight.php";
}
if (!function_exists('error_log')) {
    require __DIR__ . '/porchlight/error_log.php';
}
unset($porchlight);

\Porchlight\Instance::boot($argv[1] ?? null);

while (true) {
    try {
        require_once \Porchlight\Instance::nextFile();
    } catch (\Throwable $porchlight) {
        \Porchlight\Instance::failedToLoad($porchlight);
        unset($porchlight);
    }
}
