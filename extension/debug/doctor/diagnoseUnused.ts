import type { BreakpointFacts, OtherFunction } from '../../../runtime/protocol/control/breakpointFacts.ts';
import type { Diagnosis, Remedy } from './diagnosis.ts';

/** Says what is the matter with a breakpoint in a file that no function loads. */
export function diagnoseUnused(host: BreakpointFacts, line: number): Diagnosis {
  const { place, around, others } = host;
  switch (place.kind) {
    case 'generated': {
      const source = host.lines.find((one) => one.line === line)?.source;
      const remedies: Remedy[] = source ? [{ kind: 'open', position: source, what: 'source' }] : [];
      return {
        reason: { kind: 'generated', ...(source ? { source } : {}) },
        standing: 'problem',
        remedies,
      };
    }
    case 'excluded':
      return { reason: { kind: 'excludedFolder', folder: place.folder }, standing: 'asIs', remedies: [] };
    case 'package':
      return { reason: { kind: 'package' }, standing: 'waiting', remedies: [] };
    case 'declaration':
      return { reason: { kind: 'declaration' }, standing: 'asIs', remedies: [] };
    case 'test':
      return { reason: { kind: 'testFile' }, standing: 'asIs', remedies: [] };
    case 'plain':
      break;
  }
  const [fault] = host.mapFaults;
  if (fault) {
    const generated = { file: fault.generated, line: 1, column: 1 };
    return {
      reason: { kind: 'mapMissing', fault },
      standing: 'problem',
      remedies: [{ kind: 'open', position: generated, what: 'source' }],
    };
  }
  const [inside] = around;
  if (inside) {
    return {
      reason: { kind: 'notImported', nearest: inside, several: around.length > 1 },
      standing: 'problem',
      remedies: lookAt(inside),
    };
  }
  const [other] = others;
  return {
    reason: { kind: 'notPart', ...(other ? { nearest: other } : {}) },
    standing: 'problem',
    remedies: lookAt(other),
  };
}

function lookAt(nearest: OtherFunction | undefined): Remedy[] {
  const file = nearest?.entryFile;
  const open: Remedy[] =
    file === undefined ? [] : [{ kind: 'open', position: { file, line: 1, column: 1 }, what: 'handler' }];
  return [...open, { kind: 'showFunctions' }];
}
