import * as v from 'valibot';
import type { RemoteLogLine } from '../../model/deploy.ts';
import { logLine } from './answers.ts';
import { jsonIn } from '../../support/jsonValue.ts';

/** Reads the lines of `/system/logs`, a JSON object each; what is none is a line as it stands. */
export function readLogLines(text: string, hide: (text: string) => string): RemoteLogLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { success, output } = v.safeParse(logLine, jsonIn(line));
      if (!success) return { id: line, time: 0, instance: '', text: hide(line) };
      const { timestamp = '', instance = '' } = output;
      return {
        id: `${instance} ${timestamp} ${output.text}`,
        time: Date.parse(timestamp) || 0,
        instance,
        text: hide(output.text.trimEnd()),
      };
    });
}
