import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { test } from 'node:test';
import { findEventFiles, mayBeEvent, type EventOwner } from '../../../../runtime/model/testing/eventFiles.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';

const owner = (name: string, places: string[], aliases: string[] = []): EventOwner => ({
  name,
  aliases,
  places: places.map((place) => `/p${place}`),
});

const below = (path: string): string => relative('/p', path).replaceAll('\\', '/');

/** `function: name file [expectation]` of every event, and what belongs to nobody. */
function found(owners: EventOwner[], files: string[]): string[] {
  const lookup = memoryFiles(Object.fromEntries(files.map((file) => [`/p/${file}`, ''])));
  const { byFunction, unclear, orphans } = findEventFiles(owners, lookup);
  return [
    ...[...byFunction].flatMap(([name, events]) =>
      events.map((event) =>
        [`${name}: ${event.name}`, below(event.file), ...event.expectations.map(below)].join(' '),
      ),
    ),
    ...unclear.map((each) => `? ${each.files.map(below).join(' ')} of ${each.functions.join(', ')}`),
    ...orphans.map((each) => `! ${below(each.file)}`),
  ].sort();
}

const two = [owner('orders', [''], ['createOrder']), owner('StockReportFunction', [''], [])];

const cases: [name: string, owners: EventOwner[], files: string[], expected: string[]][] = [
  [
    'the only function gets every event',
    [owner('hello', [''])],
    ['events/a.json', 'events/b.txt', 'events/c.md'],
    ['hello: a events/a.json', 'hello: b events/b.txt'],
  ],
  [
    'as SAM makes them',
    [owner('HelloWorldFunction', ['/hello-world', ''])],
    ['events/event.json'],
    ['HelloWorldFunction: event events/event.json'],
  ],
  [
    'event.json beside the project file',
    [owner('hello', [''])],
    ['event.json', 'other.json'],
    ['hello: event event.json'],
  ],
  [
    'expectations beside events',
    [owner('hello', [''])],
    ['events/a.json', 'events/a.expect.yaml', 'events/b.expect.json'],
    ['! events/b.expect.json', 'hello: a events/a.json events/a.expect.yaml'],
  ],
  [
    'two expectations are both told',
    [owner('hello', [''])],
    ['events/a.json', 'events/a.expect.yaml', 'events/a.expect.json'],
    ['hello: a events/a.json events/a.expect.json events/a.expect.yaml'],
  ],
  [
    'a folder of the function’s name',
    two,
    ['events/orders/a.json', 'events/stock-report/b.json'],
    ['StockReportFunction: b events/stock-report/b.json', 'orders: a events/orders/a.json'],
  ],
  [
    'names that begin with the function’s',
    two,
    [
      'events/orders.json',
      'events/orders-empty.json',
      'events/event-create-order.json',
      'events/stock_report.x.json',
    ],
    [
      'StockReportFunction: stock_report.x events/stock_report.x.json',
      'orders: event-create-order events/event-create-order.json',
      'orders: orders events/orders.json',
      'orders: orders-empty events/orders-empty.json',
    ],
  ],
  [
    'nobody’s',
    two,
    ['events/event.json', 'events/else/x.json'],
    [
      '? events/else/x.json of orders, StockReportFunction',
      '? events/event.json of orders, StockReportFunction',
    ],
  ],
  [
    'a folder below, of the only function',
    [owner('hello', [''])],
    ['events/http/a.json'],
    ['hello: http/a events/http/a.json'],
  ],
  [
    'the same name with two endings',
    [owner('hello', [''])],
    ['events/a.json', 'events/a.txt'],
    ['hello: a.json events/a.json', 'hello: a.txt events/a.txt'],
  ],
  [
    'functions of other folders',
    [owner('a', ['/a']), owner('b', ['/b'])],
    ['a/events/x.json', 'b/events/x.json'],
    ['a: x a/events/x.json', 'b: x b/events/x.json'],
  ],
];

for (const [name, owners, files, expected] of cases) {
  test(name, () => assert.deepEqual(found(owners, files), expected));
}

test('a new event goes where events are, below the name of its function when others share the folder', () => {
  const lookup = memoryFiles({ '/p/src/events/x.json': '' });
  const { folders } = findEventFiles([owner('a', ['/src', '']), owner('b', [''])], lookup);
  assert.deepEqual([below(folders['a']!), below(folders['b']!)], ['src/events', 'events/b']);
});

test('which changed files may be events', () => {
  const files = ['/p/events/a.json', '/p/events/f/a.txt', '/p/event.json', '/p/x.expect.yml'];
  assert.deepEqual(files.filter(mayBeEvent), files);
  assert.deepEqual(['/p/a.json', '/p/events/a.ts', '/p/events/a/b/c.json'].filter(mayBeEvent), []);
});
