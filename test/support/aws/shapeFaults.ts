import type { Member, ServiceModel, Shape } from './serviceModel.ts';

/**
 * What a service's model objects to in a value, each with its place: `Environment.Variables: …`. `texts`: numbers and
 * truths come as text, as they do outside of JSON bodies.
 */
export function shapeFaults(
  model: Pick<ServiceModel, 'shapes'>,
  shapeName: string,
  value: unknown,
  { place = '', texts = false }: { place?: string; texts?: boolean } = {},
): string[] {
  const shape = model.shapes[shapeName];
  if (!shape) throw new Error(`The service model has no shape ${shapeName}.`);
  const fault = (text: string): string => `${place || shapeName}: ${text}`;
  const inner = (member: Member, part: unknown, name: string): string[] =>
    shapeFaults(model, member.shape, part, { place: place === '' ? name : `${place}.${name}`, texts });
  switch (shape.type) {
    case 'structure':
      return structureFaults(shape, value, fault, inner);
    case 'list':
      if (!Array.isArray(value)) return [fault('is no list')];
      return [
        ...outside(shape, value.length, 'items', fault),
        ...value.flatMap((item, at) => inner(shape.member!, item, String(at))),
      ];
    case 'map': {
      if (!isRecord(value)) return [fault('is no map')];
      const entries = Object.entries(value);
      return [
        ...outside(shape, entries.length, 'entries', fault),
        ...entries.flatMap(([key, part]) => [
          ...inner(shape.key!, key, `${key} (key)`),
          ...inner(shape.value!, part, key),
        ]),
      ];
    }
    default:
      return scalarFaults(shape, texts ? fromText(shape.type, value) : value, fault);
  }
}

type Fault = (text: string) => string;

function structureFaults(
  { members = {}, required = [] }: Shape,
  value: unknown,
  fault: Fault,
  inner: (member: Member, part: unknown, name: string) => string[],
): string[] {
  if (!isRecord(value)) return [fault('is no structure')];
  const missing = required.filter((name) => value[name] === undefined).map((name) => fault(`misses ${name}`));
  const others = Object.entries(value).flatMap(([name, part]) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    return member ? inner(member, part, name) : [fault(`has no member ${name}`)];
  });
  return [...missing, ...others];
}

function scalarFaults(shape: Shape, value: unknown, fault: Fault): string[] {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
  switch (shape.type) {
    case 'string':
    case 'character':
      if (typeof value !== 'string') return [fault(`${shown} is no text`)];
      if (shape.enum && !shape.enum.includes(value)) return [fault(`${shown} is none of its values`)];
      if (shape.pattern && !whole(shape.pattern).test(value))
        return [fault(`${shown} is not of the form ${shape.pattern}`)];
      return outside(shape, value.length, 'characters', fault);
    case 'integer':
    case 'long':
      if (!Number.isInteger(value)) return [fault(`${shown} is no whole number`)];
      return outside(shape, value as number, '', fault);
    case 'float':
    case 'double':
      if (typeof value !== 'number' || !Number.isFinite(value)) return [fault(`${shown} is no number`)];
      return outside(shape, value, '', fault);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [fault(`${shown} is neither true nor false`)];
    case 'blob':
      return blobFaults(shape, value, fault);
    case 'timestamp':
      return Number.isNaN(new Date(value as string | number).getTime()) ? [fault(`${shown} is no time`)] : [];
    default:
      throw new Error(`The service model has a type ${shape.type}, which is not known here.`);
  }
}

/** Bytes as they are (a body), or in base64 (within JSON). */
function blobFaults(shape: Shape, value: unknown, fault: Fault): string[] {
  if (Buffer.isBuffer(value)) return outside(shape, value.length, 'bytes', fault);
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0)
    return [fault('is no base64')];
  return outside(shape, Buffer.from(value, 'base64').length, 'bytes', fault);
}

function outside({ min, max }: Shape, size: number, what: string, fault: Fault): string[] {
  const has = `${size}${what === '' ? '' : ` ${what}`}`;
  if (min !== undefined && size < min) return [fault(`${has}, at least ${min}`)];
  if (max !== undefined && size > max) return [fault(`${has}, at most ${max}`)];
  return [];
}

const patterns = new Map<string, RegExp>();

/** Patterns hold for the whole text. */
function whole(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const made = new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '');
  patterns.set(pattern, made);
  return made;
}

function fromText(type: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(integer|long|float|double)$/.test(type)) return value.trim() === '' ? value : Number(value);
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
