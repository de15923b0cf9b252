import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InvocationRecord } from '../../model/invocationRecord.ts';
import { isPrinted, logTail, pythonLevel, type ConsoleLine } from '../logTail.ts';

/** Console calls in the text format of the Node.js runtime. */
const nodeLine: ConsoleLine = ({ time, requestId, level, text }) =>
  `${time.toISOString()}\t${requestId}\t${level.toUpperCase()}\t${text.replaceAll('\n', '\r')}`;

/** Entries of `logging` as the runtime's own handler writes them (developer guide "Python logging"). */
const pythonLine: ConsoleLine = (line) =>
  isPrinted(line)
    ? line.text
    : `[${pythonLevel(line.level)}]\t${line.time.toISOString()}\t${line.requestId}\t${line.text}`;

/** The end of an invocation's log as Lambda writes it (`X-Amz-Log-Result`). */
export function tailLog(record: InvocationRecord, { language }: FunctionDefinition): string {
  return logTail(record, language === 'python' ? pythonLine : nodeLine);
}
