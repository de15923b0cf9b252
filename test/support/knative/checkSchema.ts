/** The part of OpenAPI's schemas that custom resources are described by. */
export interface Schema {
  type?: string;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
}

/** What is wrong with a value by its schema, as `path: problem`. Fields that the schema does not name would be lost. */
export function checkSchema(value: unknown, schema: Schema, path = ''): string[] {
  const at = path === '' ? '(whole)' : path;
  if (schema['x-kubernetes-int-or-string']) {
    const good = typeof value === 'string' || Number.isInteger(value);
    const form = schema.pattern === undefined || new RegExp(schema.pattern).test(String(value));
    return good && form ? [] : [`${at}: no amount`];
  }
  if (
    schema.type !== undefined &&
    typeOf(value) !== schema.type &&
    !(schema.type === 'number' && typeOf(value) === 'integer')
  )
    return [`${at}: expected ${schema.type}, got ${typeOf(value)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: none of ${schema.enum.join(', ')}`];
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return [`${at}: not of the form ${schema.pattern}`];
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      schema.items ? checkSchema(item, schema.items, `${path}[${index}]`) : [],
    );
  if (typeof value !== 'object' || value === null) return [];
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${at}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, item]) => {
      const below = path === '' ? name : `${path}.${name}`;
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known) return checkSchema(item, known, below);
      return schema['x-kubernetes-preserve-unknown-fields'] ? [] : [`${below}: unknown`];
    }),
  ];
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
