import { suite, test } from 'node:test';
import { handler, instance, use } from '../../../../support/breakpointFacts.ts';
import { checkDiagnosis, type DiagnosisRow } from '../../../../support/checkDiagnosis.ts';

const unused = { users: [], others: [{ function: 'hello', entryFile: handler.file }] };
const bound = (hits: number, line = 5) =>
  use({ instances: [instance(1, { bound: [{ line, hits, ...(hits > 0 && { lastHitAt: 1000 }) }] })] });
const position = { file: '/p/src/other.ts', line: 3, column: 2 };

const rows: DiagnosisRow[] = [
  {
    name: 'disabled',
    breakpoint: { enabled: false },
    is: 'asIs disabled',
    says: /disabled/,
    offers: ['Enable'],
  },
  {
    name: 'a condition that is no expression',
    breakpoint: { condition: 'a ==', conditionProblem: 'Unexpected token' },
    is: 'problem badCondition',
    says: /The condition a == is no expression.*Unexpected token/,
    offers: ['Edit Breakpoint'],
  },
  {
    name: 'no function uses the file',
    host: unused,
    is: 'problem notPart',
    says: /part of no function.*nearest function is hello/,
    offers: ['Open Handler', 'Show Functions'],
  },
  {
    name: 'no functions at all',
    host: { users: [] },
    is: 'problem notPart',
    says: /there are none in its folder/,
    offers: ['Show Functions'],
  },
  {
    name: 'in a code folder, imported by nothing',
    host: { ...unused, around: [{ function: 'hello', entryFile: handler.file }] },
    is: 'problem notImported',
    says: /lies in the folder of hello, but none of the modules it loads/,
    offers: ['Open Handler', 'Show Functions'],
  },
  {
    name: 'in the code folder of several functions',
    host: { ...unused, around: [{ function: 'hello' }, { function: 'other' }] },
    is: 'problem notImported',
    says: /the folder of hello and other functions/,
    offers: ['Show Functions'],
  },
  {
    name: 'a test file',
    host: { ...unused, place: { kind: 'test' } },
    is: 'asIs testFile',
    says: /a test file/,
  },
  {
    name: 'a declaration file',
    host: { ...unused, place: { kind: 'declaration' } },
    is: 'asIs declaration',
    says: /only declares types/,
  },
  {
    name: 'an excluded folder',
    host: { ...unused, place: { kind: 'excluded', folder: '.vscode' } },
    is: 'asIs excludedFolder',
    says: /The folder \.vscode is part of no function/,
  },
  {
    name: 'a package nobody has loaded',
    host: { ...unused, place: { kind: 'package' } },
    is: 'waiting package',
    says: /set as soon as one does/,
  },
  {
    name: 'a generated file',
    host: { ...unused, place: { kind: 'generated' }, lines: [{ line: 5, source: position }] },
    is: 'problem generated',
    says: /Set the breakpoint in other\.ts, line 3/,
    offers: ['Open other.ts'],
  },
  {
    name: 'a line of a generated file without a source',
    host: { ...unused, place: { kind: 'generated' } },
    is: 'problem generated',
    says: /comes from no line of yours/,
  },
  ...(['missing', 'unreadable', 'without'] as const).map((map): DiagnosisRow => ({
    name: `a source map: ${map}`,
    host: { ...unused, mapFaults: [{ function: 'hello', generated: '/p/dist/hello.js', map }] },
    is: 'problem mapMissing',
    says: /hello runs hello\.js.*"sourceMap": true in tsconfig\.json/,
    offers: ['Open hello.js'],
  })),
  { name: 'another language', facts: { code: false }, host: null, is: 'asIs notCode', says: /language/ },
  {
    name: 'outside of every folder with functions',
    host: null,
    is: 'asIs noFunctions',
    says: /No folder with functions/,
    offers: ['Show Functions'],
  },
  { name: 'not on the disk', host: { exists: false }, is: 'asIs fileMissing', says: /not on the disk/ },
  {
    name: 'a language without a debugger',
    facts: { languages: { hello: 'php' } },
    host: { users: [use({ debugger: false })] },
    is: 'asIs noDebugger',
    says: /hello is written in a language \(php\)/,
  },
  {
    name: 'unsaved',
    facts: { unsaved: true },
    is: 'problem unsaved',
    says: /unsaved changes/,
    offers: ['Save'],
  },
  {
    name: 'a build that fails while older code serves',
    host: { users: [use({ failed: { message: 'a.ts:3: no.', at: position, serving: true } })] },
    is: 'problem buildFailed',
    says: /the last good code runs in its place: a\.ts:3: no\./,
    offers: ['Show Problem'],
  },
  {
    name: 'a build that never worked',
    host: { users: [use({ failed: { message: 'a.ts:3: no.', serving: false } })] },
    is: 'problem buildFailed',
    says: /nothing of it runs/,
  },
  {
    name: 'one of two functions builds: its instances decide',
    host: { users: [use({ failed: { message: 'no', serving: false } }), use({ function: 'other' })] },
    is: 'waiting notInvoked',
    says: /hello, other/,
    offers: ['Invoke hello'],
  },
  {
    name: 'a comment',
    host: { lines: [{ line: 5, code: false, nearest: 7 }] },
    is: 'problem noCode',
    says: /no code on this line.*nearest line with code is 7/,
    offers: ['Move to Line 7'],
  },
  {
    name: 'a file of types',
    host: { lines: [{ line: 5, code: false }] },
    is: 'problem noCode',
    says: /only comments and declarations/,
  },
  {
    name: 'left out by bundling',
    host: { users: [use({ lines: [{ line: 5, code: false, nearest: 2 }] })] },
    is: 'problem removed',
    says: /the build left it out/,
    offers: ['Move to Line 2'],
  },
  {
    name: 'left out of one function, and in another',
    host: { users: [use({ lines: [{ line: 5, code: false, nearest: 2 }] }), use({ function: 'other' })] },
    is: 'waiting notInvoked',
    says: /Not yet/,
    offers: ['Invoke hello'],
  },
  {
    name: 'debugging was not started',
    facts: { debugging: false },
    is: 'asIs notDebugging',
    says: /hello is not being debugged/,
    offers: ['Debug hello'],
  },
  {
    name: 'other functions are debugged',
    host: { users: [use({ debugged: false })] },
    is: 'asIs otherFunctions',
    says: /covers other functions than hello/,
    offers: ['Debug hello'],
  },
  {
    name: 'all breakpoints are off',
    facts: { deactivated: true },
    is: 'asIs deactivated',
    says: /deactivated in the Breakpoints view/,
    offers: ['Activate Breakpoints'],
  },
  {
    name: 'the limit of attached instances',
    host: {
      users: [
        use({
          instances: [instance(11, { debugged: false, declined: '10 instances are debugged already.' })],
        }),
      ],
    },
    is: 'problem declined',
    says: /without a debugger: 10 instances/,
  },
  {
    name: 'one of two instances is debugged, and waits for code',
    host: {
      users: [
        use({
          instances: [
            instance(1, { debugged: false, declined: 'no', ran: false }),
            instance(2, { phase: 'prewarmed', ran: false, loaded: false }),
          ],
        }),
      ],
    },
    is: 'waiting notInvoked',
    says: /as soon as an instance of hello loads/,
    offers: ['Invoke hello'],
  },
  {
    name: 'the instance of the call was declined',
    occasion: { function: 'hello', instance: 'hello#4', declined: 'no debugger here.' },
    is: 'problem declined',
    says: /no debugger here/,
  },
  {
    name: 'an instance with older code',
    host: { users: [use({ instances: [instance(1, { current: false })] })] },
    is: 'problem older',
    says: /hello#1 still runs code from before/,
    offers: ['Replace Instance'],
  },
  {
    name: 'no instance yet',
    is: 'waiting notInvoked',
    says: /Not yet/,
    offers: ['Invoke hello'],
  },
  {
    name: 'a module that no call has loaded',
    host: { users: [use({ instances: [instance(1, { loaded: false })] })] },
    is: 'waiting notLoaded',
    says: /Not yet: hello ran, but no call has loaded this file/,
    offers: ['Invoke hello'],
  },
  {
    name: 'a module that the call did not load',
    host: { users: [use({ instances: [instance(1, { phase: 'ended', loaded: false })] })] },
    occasion: { function: 'hello', instance: 'hello#1' },
    is: 'waiting notLoaded',
    says: /Not yet/,
    offers: ['Invoke hello'],
  },
  {
    name: 'a call of another function',
    occasion: { function: 'other', instance: 'other#1' },
    is: 'waiting notInvoked',
    says: /Not yet/,
  },
  {
    name: 'loaded, and nobody knows why it is not set',
    host: { users: [use({ instances: [instance(1)] })] },
    is: 'problem unexplained',
    says: /hello#1 has loaded this file and the line has code/,
    offers: ['Replace Instance'],
  },
  { name: 'set', host: { users: [bound(0)] }, is: 'fine bound', says: /^Set in hello#1\. No call has come/ },
  {
    name: 'set and hit',
    host: { users: [bound(3)] },
    is: 'fine bound',
    says: /^Set in hello#1\. Hit 3 times\. Last at /,
  },
  {
    name: 'set in two instances, as the debugger says',
    facts: { told: { instances: ['hello#1', 'hello#2'], line: 5, stops: 1 } },
    is: 'fine bound',
    says: /^Set in 2 instances of hello\. Hit once\./,
  },
  {
    name: 'set on another line',
    facts: { told: { instances: ['hello#1'], line: 7, stops: 0 } },
    is: 'fine bound',
    says: /put it on line 7/,
  },
  {
    name: 'a comment that the instance has set where code is, before the debugger told',
    host: { lines: [{ line: 5, code: false, nearest: 7 }], users: [bound(0, 7)] },
    is: 'fine bound',
    says: /put it on line 7/,
  },
  {
    name: 'set in an instance that ended with the call',
    host: { users: [use({ instances: [instance(1, { phase: 'ended', bound: [{ line: 5, hits: 0 }] })] })] },
    occasion: { function: 'hello', instance: 'hello#1' },
    is: 'fine bound',
    says: /^Set in hello#1/,
  },
  {
    name: 'set, with changes that are not saved',
    facts: { unsaved: true },
    host: { users: [bound(1)] },
    is: 'fine bound',
    says: /lines as they were saved/,
    offers: ['Save'],
  },
  {
    name: 'a condition that never held',
    breakpoint: { condition: 'x > 1' },
    host: { users: [bound(0)] },
    is: 'fine conditionNeverTrue',
    says: /condition x > 1 was never true/,
    offers: ['Edit Breakpoint'],
  },
  {
    name: 'a condition that threw',
    breakpoint: { condition: 'x.y', conditionThrew: 'x is not defined' },
    host: { users: [bound(0)] },
    is: 'fine conditionThrew',
    says: /condition x\.y threw: x is not defined/,
    offers: ['Edit Breakpoint'],
  },
  {
    name: 'a hit count',
    breakpoint: { hitCondition: '> 5' },
    host: { users: [bound(2)] },
    is: 'fine hitCountNotReached',
    says: /Hit 2 times.*hit count > 5 has not been reached/,
    offers: ['Edit Breakpoint'],
  },
  {
    name: 'a logpoint',
    breakpoint: { logMessage: 'x' },
    host: { users: [bound(0)] },
    is: 'fine logpoint',
    says: /never stops/,
  },
];

suite('why a breakpoint is or is not hit', () => {
  for (const row of rows) test(row.name, () => checkDiagnosis(row));
});
