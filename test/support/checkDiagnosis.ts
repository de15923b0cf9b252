import assert from 'node:assert/strict';
import { diagnose } from '../../extension/debug/doctor/diagnose.ts';
import { reasonText, remedyText } from '../../extension/debug/doctor/diagnosisText.ts';
import type { DoctorFacts, EditorBreakpoint, Occasion } from '../../extension/debug/doctor/facts.ts';
import type { BreakpointFacts } from '../../runtime/protocol/control/breakpointFacts.ts';
import { host } from './breakpointFacts.ts';

/** What there is to know of a breakpoint on line 5, and what is said of it. */
export interface DiagnosisRow {
  name: string;
  breakpoint?: Partial<EditorBreakpoint>;
  facts?: Partial<Omit<DoctorFacts, 'host' | 'breakpoint'>>;
  /** Null: no folder with functions holds the file. */
  host?: Partial<BreakpointFacts> | null;
  occasion?: Occasion;
  /** Standing and kind. */
  is: string;
  says: RegExp;
  offers?: string[];
}

/** Diagnoses, and compares standing, kind, words and remedies. */
export function checkDiagnosis(row: DiagnosisRow): void {
  const facts: DoctorFacts = {
    breakpoint: { file: '/p/src/hello.ts', line: 5, enabled: true, ...row.breakpoint },
    code: true,
    unsaved: false,
    deactivated: false,
    debugging: true,
    told: { instances: [], stops: 0 },
    ...(row.host === null ? {} : { host: host(row.host) }),
    ...row.facts,
  };
  const { reason, standing, remedies } = diagnose(facts, row.occasion);
  assert.equal(`${standing} ${reason.kind}`, row.is);
  const { short, text } = reasonText(reason);
  assert.match(text, row.says);
  assert.ok(short.length > 0);
  // It stands at the end of a line.
  if (standing === 'problem') assert.ok(short.length <= 40, short);
  assert.deepEqual(remedies.map(remedyText), row.offers ?? []);
}
