import type { GatewayResponse } from '../../../model/platform.ts';
import { SqsError } from './sqsError.ts';
import type { SqsOutput } from './sqsContext.ts';

/*
 * The query protocol of older SDKs: parameters as a form, numbered where there are several, answers as XML (version
 * 2012-11-05). Requests are brought into the form of the JSON protocol and answers out of it.
 */

const namespace = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Most parameters of a request; ten messages with ten attributes each have fewer. */
const mostParameters = 2000;

/** How lists and maps are written in a form: `names` are the alternatives clients use. */
type Shape =
  | { kind: 'list'; names: string[] }
  | { kind: 'map'; names: string[]; key?: string; value?: string }
  | { kind: 'items'; names: string[] };

const attributeMap: Shape = { kind: 'map', names: ['MessageAttribute'] };
const systemMap: Shape = { kind: 'map', names: ['MessageSystemAttribute'] };

const shapes: Record<string, Shape> = {
  Attributes: { kind: 'map', names: ['Attribute'] },
  MessageAttributes: attributeMap,
  MessageSystemAttributes: systemMap,
  AttributeNames: { kind: 'list', names: ['AttributeName'] },
  MessageSystemAttributeNames: { kind: 'list', names: ['MessageSystemAttributeName'] },
  MessageAttributeNames: { kind: 'list', names: ['MessageAttributeName'] },
  TagKeys: { kind: 'list', names: ['TagKey'] },
  // CreateQueue and TagQueue spell it differently in the JSON protocol.
  Tags: { kind: 'map', names: ['Tag'], key: 'Key', value: 'Value' },
  tags: { kind: 'map', names: ['Tag'], key: 'Key', value: 'Value' },
  Entries: {
    kind: 'items',
    names: [
      'SendMessageBatchRequestEntry',
      'DeleteMessageBatchRequestEntry',
      'ChangeMessageVisibilityBatchRequestEntry',
    ],
  },
};

/** The parameters of a form in the form of the JSON protocol. */
export function readForm(form: URLSearchParams): Record<string, unknown> {
  const flat = new Map<string, string>();
  for (const [name, value] of form) {
    if (flat.size >= mostParameters)
      throw new SqsError('SerializationException', `A request has at most ${mostParameters} parameters.`);
    flat.set(name, value);
  }
  return readLevel(flat);
}

function readLevel(flat: Map<string, string>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of flat) if (!name.includes('.')) values[name] = value;
  for (const [name, shape] of Object.entries(shapes)) {
    const items = shape.names.flatMap((each) => numbered(flat, each));
    if (items.length > 0) values[name] = readShape(shape, items);
  }
  return values;
}

function readShape(shape: Shape, items: Map<string, string>[]): unknown {
  if (shape.kind === 'list') return items.map((item) => item.get('') ?? '');
  if (shape.kind === 'items') return items.map(readLevel);
  const { key = 'Name', value = 'Value' } = shape;
  return Object.fromEntries(
    items.map((item) => {
      const name = item.get(key);
      if (name === undefined)
        throw new SqsError(
          'MissingRequiredParameterException',
          `The request must contain the parameter ${shape.names[0]}.N.${key}.`,
        );
      const parts = [...item].filter(([part]) => part.startsWith(`${value}.`));
      const structure = Object.fromEntries(parts.map(([part, text]) => [part.slice(value.length + 1), text]));
      return [name, parts.length > 0 ? structure : (item.get(value) ?? '')];
    }),
  );
}

/** What stands behind `name.1`, `name.2`, …, in their order; a value of the item itself has the key ''. */
function numbered(flat: Map<string, string>, name: string): Map<string, string>[] {
  const items = new Map<number, Map<string, string>>();
  for (const [key, value] of flat) {
    if (!key.startsWith(`${name}.`)) continue;
    const match = /^(\d{1,4})(?:\.(.+))?$/.exec(key.slice(name.length + 1));
    if (!match) continue;
    const index = Number(match[1]);
    const item = items.get(index) ?? new Map<string, string>();
    items.set(index, item.set(match[2] ?? '', value));
  }
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** How members of answers are called in XML, where they are lists or maps. */
const elements: Record<string, string> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Results: 'ListMessageMoveTasksResultEntry',
  Failed: 'BatchResultErrorEntry',
};

export function writeXml(action: string, output: SqsOutput, requestId: string): GatewayResponse {
  const successful = `${action}ResultEntry`;
  const content = members(output, successful);
  const result = content === '' ? '' : `<${action}Result>${content}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xml(
    200,
    `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`,
    requestId,
  );
}

export function writeXmlError(error: SqsError, requestId: string): GatewayResponse {
  const { fault, queryCode, message, status } = error;
  const detail = `<Type>${fault}</Type><Code>${queryCode}</Code><Message>${escaped(message)}</Message><Detail/>`;
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}"><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

function members(output: object, successful: string): string {
  return Object.entries(output)
    .map(([name, value]) => {
      if (value === undefined) return '';
      if (Array.isArray(value)) {
        const element = name === 'Successful' ? successful : (elements[name] ?? name);
        return value.map((item) => wrapped(element, item, successful)).join('');
      }
      if (name === 'Attributes') return mapped('Attribute', 'Name', value as object, successful);
      if (name === 'MessageAttributes')
        return mapped('MessageAttribute', 'Name', value as object, successful);
      if (name === 'Tags') return mapped('Tag', 'Key', value as object, successful);
      return wrapped(name, value, successful);
    })
    .join('');
}

function mapped(element: string, key: string, map: object, successful: string): string {
  return Object.entries(map)
    .map(
      ([name, value]) =>
        `<${element}><${key}>${escaped(name)}</${key}>${wrapped('Value', value, successful)}</${element}>`,
    )
    .join('');
}

function wrapped(element: string, value: unknown, successful: string): string {
  const inside =
    typeof value === 'object' && value !== null ? members(value, successful) : escaped(String(value));
  return `<${element}>${inside}</${element}>`;
}

/** Clients know these entities, not all that XML allows. Carriage returns would be read as line feeds otherwise. */
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character]!);
}

function xml(status: number, body: string, requestId: string): GatewayResponse {
  return {
    status,
    headers: [
      ['Content-Type', 'text/xml'],
      ['x-amzn-RequestId', requestId],
    ],
    body: Buffer.from(`<?xml version="1.0"?>${body}`),
  };
}
