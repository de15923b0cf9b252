import * as v from 'valibot';
import type { KnownValue, Shape } from '../shape.ts';

/** Parts of valibot's schemas that are looked at. */
interface Part {
  type: string;
  entries?: Record<string, Part>;
  wrapped?: Part;
  item?: Part;
  value?: Part;
  options?: (Part | string)[];
  literal?: unknown;
  pipe?: { kind: string; type: string; requirement?: unknown }[];
}

/** What the schema that checks a file says, as a shape: keys, values, bounds and descriptions have one source. */
export function fromSchema(schema: v.GenericSchema): Shape {
  return shapeOf(schema as unknown as Part);
}

function shapeOf(part: Part): Shape {
  const about = v.getDescription(part as unknown as v.GenericSchema);
  return { ...formOf(part), ...(about !== undefined && { about }) };
}

function formOf(part: Part): Shape {
  switch (part.type) {
    case 'optional':
    case 'nullable':
    case 'nullish':
      return shapeOf(part.wrapped!);
    case 'strict_object':
      return { keys: keysOf(part) };
    case 'loose_object':
      return { keys: keysOf(part), open: true };
    case 'record':
      return { names: shapeOf(part.value!) };
    case 'array':
      return { items: shapeOf(part.item!) };
    case 'picklist':
      return { values: (part.options as string[]).filter((each) => each !== '').map((value) => ({ value })) };
    case 'literal':
      return { values: [{ value: String(part.literal) }] };
    case 'boolean':
      return { values: [{ value: 'true' }, { value: 'false' }] };
    case 'number':
      return boundsOf(part);
    case 'union':
      return union((part.options as Part[]).map(shapeOf));
    default:
      return {};
  }
}

function keysOf(part: Part): Record<string, Shape> {
  return Object.fromEntries(
    Object.entries(part.entries ?? {}).map(([name, entry]) => [name, shapeOf(entry)]),
  );
}

function boundsOf({ pipe = [] }: Part): Shape {
  const bound = (type: string): number | undefined => {
    const found = pipe.find((each) => each.type === type)?.requirement;
    return typeof found === 'number' ? found : undefined;
  };
  const [min, max] = [bound('min_value'), bound('max_value')];
  return min !== undefined && max !== undefined ? { bounds: { min, max } } : {};
}

/** Several forms of a value: all keys and values that any of them has; bounds are another form's freedom. */
function union(forms: Shape[]): Shape {
  const keys = Object.assign({}, ...forms.map((form) => form.keys ?? {})) as Record<string, Shape>;
  const values: KnownValue[] = forms.flatMap((form) => form.values ?? []);
  const plain = forms.some((form) => !form.keys && !form.items && !form.names && !form.values);
  const items = forms.find((form) => form.items)?.items;
  const names = forms.find((form) => form.names)?.names;
  return {
    ...(Object.keys(keys).length > 0 && { keys }),
    ...(forms.some((form) => form.open) && { open: true as const }),
    ...(values.length > 0 && { values }),
    ...(values.length > 0 && plain && { more: true as const }),
    ...(items && { items }),
    ...(names && { names }),
  };
}

/**
 * A shape with more said at places below it, each named by its path (`functions.*.handler`: `*` is any name, or the items of
 * a list). A path that leads nowhere is a mistake of ours.
 */
export function refine(shape: Shape, additions: Readonly<Record<string, Shape>>): Shape {
  return Object.entries(additions).reduce(
    (all, [path, more]) => addAt(all, path === '' ? [] : path.split('.'), more, path),
    shape,
  );
}

function addAt(shape: Shape, [step, ...rest]: string[], more: Shape, whole: string): Shape {
  if (step === undefined) return { ...shape, ...more };
  if (step === '*' && shape.items) return { ...shape, items: addAt(shape.items, rest, more, whole) };
  if (step === '*' && shape.names) return { ...shape, names: addAt(shape.names, rest, more, whole) };
  const below = shape.keys?.[step];
  if (!below) throw new Error(`There is no place ${whole}.`);
  return { ...shape, keys: { ...shape.keys, [step]: addAt(below, rest, more, whole) } };
}
