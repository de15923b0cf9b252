import * as v from 'valibot';
import { PorchlightError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { phrase } from '../support/l10n.ts';

/** Reads what `targets.<name>` says by the schema of its type; a `TARGET_SETTING` with the first thing that is wrong. */
export function checkTarget<Schema extends v.StrictObjectSchema<v.ObjectEntries, string>>(
  target: string,
  schema: Schema,
  stated: Record<string, unknown>,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, stated);
  if (success) return output;
  const { message, path, type } = issues[0];
  const key = (path ?? []).map(({ key: part }) => String(part)).join('.');
  const similar = nearest(key, Object.keys(schema.entries));
  const detail =
    type === 'strict_object'
      ? phrase('unknown key "{key}"{similar}', {
          key,
          similar: similar ? phrase('; did you mean "{similar}"?', { similar }) : '.',
        })
      : phrase('{path}: {detail}', { path: key, detail: { phrase: message } });
  throw new PorchlightError('TARGET_SETTING', { target, detail });
}
