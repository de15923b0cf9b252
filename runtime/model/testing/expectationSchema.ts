import * as v from 'valibot';
import { sizePattern } from '../units.ts';
import { hint } from '../schemaParts.ts';
import { phrase } from '../../support/l10n.ts';

/*
 * What a saved event may expect: in `<name>.expect.yaml` beside the event, and under `expect` in `porchlight.yaml`. The same
 * definitions check the files and give their JSON schemas (`scripts/schema.mjs`).
 */

const statuses = ['ok', 'error', 'timeout', 'oom', 'crashed', 'throttled', 'interrupted'] as const;

const text = (hint: string, description: string) =>
  v.pipe(
    v.string(hint),
    v.minLength(1, 'expected text that is not empty.'),
    v.maxLength(10_000, 'at most 10000 characters.'),
    v.description(description),
  );

const textHint = 'expected text, or { $matches: "regular expression" }.';
const part = (description: string) =>
  v.union(
    [
      text(textHint, `${description} The text is contained.`),
      v.strictObject({ $matches: text(textHint, `${description} The regular expression is found.`) }),
    ],
    textHint,
  );

const budgetHint = 'expected a duration with its unit, such as 150ms or 2s.';
const budget = (description: string) =>
  v.pipe(
    v.string(budgetHint),
    v.regex(/^\s*\d+(?:\.\d+)?\s*(?:ms|s|m|min)\s*$/, budgetHint),
    v.description(description),
  );

const sizeHint = 'expected a size with its unit, such as 128MB.';
const statusCodeHint = 'expected a whole number from 100 to 599.';

/** What has to come of an event. Without any, it has to end well. */
export const expectationSettings = v.strictObject(
  {
    status: v.optional(
      v.pipe(
        v.picklist(statuses, hint(phrase('expected one of {known}.', { known: statuses.join(', ') }))),
        v.description('How the invocation ends; ok when neither this nor an error is stated.'),
      ),
    ),
    statusCode: v.optional(
      v.pipe(
        v.number(statusCodeHint),
        v.integer(statusCodeHint),
        v.minValue(100, statusCodeHint),
        v.maxValue(599, statusCodeHint),
        v.description(
          'Status of the HTTP answer; of an event that is invoked, the statusCode of its result.',
        ),
      ),
    ),
    headers: v.optional(
      v.pipe(
        v.record(v.string(), v.unknown(), 'expected header names with values.'),
        v.description('Headers of the HTTP answer, as patterns; names in any case.'),
      ),
    ),
    result: v.optional(
      v.pipe(
        v.unknown(),
        v.description(
          'The result, or the body of an HTTP answer, as a pattern: objects may have more keys, lists are compared item by item, the rest exactly. Matchers: { $any: string }, { $matches: "…" }, { $contains: … }, { $json: … }, { $exactly: … }, { $absent: true }.',
        ),
      ),
    ),
    error: v.optional(
      v.pipe(
        v.union(
          [
            text(textHint, 'A part of the error message.'),
            v.strictObject({
              type: v.optional(text('expected text.', 'Type of the error, e.g. TypeError.')),
              message: v.optional(part('Message of the error.')),
            }),
          ],
          'expected a part of the message, or { type, message }.',
        ),
        v.description('The error the invocation ends with.'),
      ),
    ),
    log: v.optional(
      v.pipe(
        v.union(
          [
            text(textHint, 'A line of the log contains the text.'),
            v.strictObject({ $matches: text(textHint, 'The regular expression is found in a line.') }),
            v.pipe(
              v.array(part('A line of the log.'), 'expected a list.'),
              v.maxLength(100, 'at most 100 items.'),
            ),
          ],
          'expected text, { $matches: "regular expression" }, or a list of these.',
        ),
        v.description('What the log has to say; with a list, each on some line, in any order.'),
      ),
    ),
    cold: v.optional(
      budget('Longest time of a cold start, from acceptance to answer. One is forced to measure it.'),
    ),
    warm: v.optional(
      budget('Longest time of a warm invocation, from acceptance to answer: the median of several.'),
    ),
    maxMemory: v.optional(
      v.pipe(
        v.string(sizeHint),
        v.regex(sizePattern, sizeHint),
        v.description('Most memory the invocation may use.'),
      ),
    ),
  },
  'expected settings such as { result: { total: 9800 } }.',
);

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const;

/** An HTTP request to one of the function's triggers. */
const requestSettings = v.strictObject(
  {
    method: v.optional(
      v.pipe(
        v.picklist(methods, hint(phrase('expected one of {known}.', { known: methods.join(', ') }))),
        v.description('GET when absent.'),
      ),
    ),
    path: v.optional(
      v.pipe(
        v.string('expected a path that begins with /.'),
        v.regex(/^\/\S*$/, 'expected a path that begins with /, without spaces.'),
        v.maxLength(8192, 'at most 8192 characters.'),
        v.description('Path and query, as they are sent to the gateway, e.g. /orders?limit=1.'),
      ),
    ),
    headers: v.optional(
      v.pipe(
        v.record(v.string(), v.string('expected text.'), 'expected header names with values.'),
        v.description('Headers of the request.'),
      ),
    ),
    body: v.optional(v.pipe(v.unknown(), v.description('The body: text as it is, anything else as JSON.'))),
  },
  'expected { method, path, headers, body }.',
);

/** A saved event that `porchlight.yaml` lists under its function. */
export const savedEventSettings = v.strictObject(
  {
    // Needed, as the path of a request is, but told apart: one that is missing must not take the function with it.
    name: v.optional(
      v.pipe(
        v.string('expected text.'),
        v.minLength(1, 'expected a name.'),
        v.maxLength(128, 'at most 128 characters.'),
        v.description('What the test is called.'),
      ),
    ),
    file: v.optional(
      text('expected a path.', 'File with the event, relative to this one. It is sent as it is.'),
    ),
    event: v.optional(
      v.pipe(v.unknown(), v.description('The event itself: text as it is, anything else as JSON.')),
    ),
    http: v.optional(requestSettings),
    expect: v.optional(expectationSettings),
  },
  'expected an event such as { name: hello, event: { name: Ada }, expect: { result: … } }.',
);

/** Saved events of one function. */
export const savedEventList = v.pipe(
  v.array(savedEventSettings, 'expected a list of events.'),
  v.maxLength(500, 'at most 500 events.'),
  v.description('Events to try the function with, and what has to come of them (porchlight test).'),
);
