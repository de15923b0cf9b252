import { suite, test } from 'node:test';
import { instance, use } from '../../../../support/breakpointFacts.ts';
import { checkDiagnosis, type DiagnosisRow } from '../../../../support/checkDiagnosis.ts';

const rows: DiagnosisRow[] = [
  {
    name: 'a debugger that notes every breakpoint, and nothing imports the file',
    facts: { told: { instances: [], noted: ['hello#1'], line: 5, stops: 0 } },
    host: { users: [], around: [{ function: 'hello' }] },
    is: 'problem notImported',
    says: /none of the modules it loads imports it/,
    offers: ['Show Functions'],
  },
  {
    name: 'noted, in a file that is used',
    facts: { told: { instances: [], noted: ['hello#1'], line: 5, stops: 1 } },
    host: { users: [use({ instances: [instance(1)] })] },
    is: 'fine bound',
    says: /^Set in hello#1\. Hit once\./,
  },
  {
    name: 'noted, in code from before the last change',
    facts: { told: { instances: [], noted: ['hello#1'], line: 5, stops: 0 } },
    host: { users: [use({ instances: [instance(1, { current: false })] })] },
    is: 'problem older',
    says: /hello#1 still runs code from before/,
    offers: ['Replace Instance'],
  },
  {
    name: 'noted, and put from a comment where calls come by',
    facts: { told: { instances: [], noted: ['hello#1'], line: 4, stops: 0 } },
    host: {
      lines: [
        { line: 5, code: false, nearest: 6 },
        { line: 4, code: true },
      ],
      users: [use({ lines: [{ line: 5, code: false, nearest: 6 }], instances: [instance(1)] })],
    },
    is: 'fine bound',
    says: /put it on line 4/,
  },
  {
    name: 'noted, and put from a comment on a declaration',
    facts: { told: { instances: [], noted: ['hello#1'], line: 4, stops: 0 } },
    host: {
      lines: [
        { line: 5, code: false, nearest: 6 },
        { line: 4, code: true, declares: true },
      ],
    },
    is: 'problem noCode',
    says: /The nearest line with code is 6/,
    offers: ['Move to Line 6'],
  },
  ...(
    [
      [
        'could not find file /p/a.go',
        'notCompiled',
        /Nothing of this file is in the program of hello/,
        ['Show Functions'],
      ],
      [
        'could not find statement at /p/a.go:5, please use a line with a statement',
        'removed',
        /the build left it out/,
        [],
      ],
      ['something else', 'refused', /The debugger of hello did not set it: something else/, []],
    ] as [string, string, RegExp, string[]][]
  ).map(([refused, kind, says, offers]): DiagnosisRow => ({
    name: `refused by its debugger: ${refused}`,
    facts: { told: { instances: [], stops: 0, refused } },
    host: { lines: [{ line: 5 }], users: [use({ lines: [{ line: 5 }], instances: [instance(1)] })] },
    is: `problem ${kind}`,
    says,
    offers,
  })),
];

suite('why a breakpoint of a debugger other than js-debug is or is not hit', () => {
  for (const row of rows) test(row.name, () => checkDiagnosis(row));
});
