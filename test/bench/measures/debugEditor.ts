import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runEditorTests } from '../../../scripts/testing/editorTests.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

/** Debugging in a real editor, from F5 on; drives one for a minute or two, and is measured only when it is named. */
export function debugEditor(context: Context): Measure {
  const samples = join(context.folder, 'debugSamples.jsonl');
  return {
    title: 'debugging in the editor',
    prepare: () => Promise.resolve(),
    async round(round) {
      rmSync(samples, { force: true });
      const { failed } = await runEditorTests(['test/editor/suites/debugSpeed.test.ts'], {
        variables: {
          PORCHLIGHT_DEBUG_SPEED: samples,
          PORCHLIGHT_DEBUG_SAMPLES: String(context.effort.editorSamples),
        },
      });
      if (failed > 0 || !existsSync(samples)) throw new Error('the editor did not finish');
      for (const line of readFileSync(samples, 'utf8').trim().split('\n')) {
        const { measure, ms } = JSON.parse(line) as { measure: string; ms: number };
        context.results.add({ subject: 'editor', measure }, round, ms);
      }
    },
  };
}
