import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InvocationRecord } from '../../model/invocationRecord.ts';
import { isPrinted, logTail, pythonLevel, type ConsoleLine } from '../logTail.ts';

const nodeLine: ConsoleLine = ({ time, requestId, level, text }) =>
  `${time.toISOString().replace('T', ' ').replace('Z', '')} ${requestId} [${level}] ${text}`;

/** Up to Node.js 16. There `console.log` is of a level of its own, and records know it as that of `console.info`. */
const olderNodeLine: ConsoleLine = ({ time, requestId, level, text }) =>
  `${time.toISOString()} ${requestId} [${level === 'info' ? 'verbose' : level}] ${text}`;

/** Entries of `logging`, which writes milliseconds without zeros in front. */
const pythonLine: ConsoleLine = (line) => {
  if (isPrinted(line)) return line.text;
  const { time, requestId, level, text } = line;
  const seconds = time.toISOString().slice(0, 19);
  return `${seconds}.${time.getUTCMilliseconds()}Z ${requestId} [${pythonLevel(level)}] ${text}`;
};

function lineOf({ language, runtime }: FunctionDefinition): ConsoleLine {
  if (language === 'python') return pythonLine;
  const version = /^nodejs(\d+)/.exec(runtime ?? '')?.[1];
  return version !== undefined && Number(version) < 18 ? olderNodeLine : nodeLine;
}

/** The end of an invocation's log as Function Compute writes it (`x-fc-log-result`; FC documentation "Logs"). */
export function tailLog(record: InvocationRecord, definition: FunctionDefinition): string {
  return logTail(record, lineOf(definition));
}
