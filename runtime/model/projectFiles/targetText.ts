import * as v from 'valibot';

/** A text that a target's settings may hold; `hint` says what is expected when it is of another form. */
export const targetText = (description: string, pattern?: RegExp, hint = 'expected text.') =>
  v.pipe(
    v.string('expected text.'),
    v.maxLength(1024, 'at most 1024 characters.'),
    v.regex(pattern ?? /^/, hint),
    v.description(description),
  );

/** Setting of every target that is elsewhere. */
export const verifyWith = v.optional(
  targetText(
    'Name of the saved event that new versions are invoked with, of functions that have one. Default: the first that expects something.',
  ),
);
