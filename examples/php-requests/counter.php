<?php

// Runs once per process: before the first call, and never again while the process is kept.
$calls = 0;
$startedAt = date(DATE_ATOM);

/** Function Compute hands every event over as a string, and the context as an array. */
function handler($event, $context)
{
    global $calls, $startedAt;
    $calls++;

    $given = json_decode($event, true) ?: [];
    // An HTTP trigger sends a JSON text that describes the request.
    $name = $given['queryParameters']['name'] ?? $given['name'] ?? 'world';
    $GLOBALS['fcLogger']->info("$name is greeted", ['call' => $calls]);

    $answer = [
        'greeting' => "Hello, $name!",
        'call' => $calls,
        'process' => getmypid(),
        'startedAt' => $startedAt,
        'requestId' => $context['requestId'],
    ];
    if (!isset($given['requestContext'])) {
        return $answer;
    }
    return ['statusCode' => 200, 'headers' => ['Content-Type' => 'application/json'], 'body' => json_encode($answer)];
}
