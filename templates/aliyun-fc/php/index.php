<?php

// Lives as long as the instance: a warm call finds it as the call before left it.
$calls = 0;

/** Function Compute hands every event over as a string. An HTTP trigger sends a JSON text that describes the request. */
function handler($event, $context)
{
    global $calls;
    $calls++;

    $given = json_decode($event, true) ?: [];
    $name = $given['queryParameters']['name'] ?? $given['name'] ?? 'world';
    $GLOBALS['fcLogger']->info("greeting $name", ['calls' => $calls]);

    $greeting = ['message' => "Hello, $name!", 'calls' => $calls];
    if (!isset($given['requestContext'])) {
        return $greeting;
    }
    return ['statusCode' => 200, 'headers' => ['Content-Type' => 'application/json'], 'body' => json_encode($greeting)];
}
