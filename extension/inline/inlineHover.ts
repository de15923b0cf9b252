import type * as vscode from 'vscode';
import type { LineValues } from '../../runtime/protocol/control/messages.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { InlineLogs, ShownMark } from './inlineLogs.ts';
import { hoverCommands, hoverText } from './hoverText.ts';

type HoverApi = Pick<EditorApi, 'languages' | 'MarkdownString' | 'Range' | 'Hover'>;

/** Invocations whose values a hover lists. */
const listed = 12;

/** A host that is busy must not keep the value itself from being shown. */
const patienceMs = 700;

/**
 * Tells of a line's values when somebody points at them, or asks for the hover with the cursor at the end of the line:
 * whole, with the stack of an error, and what the line printed before, which only then is asked for.
 */
export function registerInlineHover(
  api: HoverApi,
  logs: InlineLogs,
  clock: Pick<Clock, 'after'>,
): vscode.Disposable {
  return api.languages.registerHoverProvider(
    { scheme: 'file' },
    {
      async provideHover(document, position) {
        const { end } = document.lineAt(position.line).range;
        if (position.character < end.character) return undefined;
        const mark = logs.markAt(document, position.line);
        if (!mark) return undefined;
        const earlier = mark.count > 0 ? await Promise.race([earlierValues(mark), late(clock)]) : [];
        const text = new api.MarkdownString(hoverText(document.uri.fsPath, mark, earlier));
        text.isTrusted = { enabledCommands: [...hoverCommands] };
        text.supportThemeIcons = true;
        return new api.Hover(text, new api.Range(end, end));
      },
    },
  );
}

function late(clock: Pick<Clock, 'after'>): Promise<undefined> {
  return new Promise((resolve) => clock.after(patienceMs, () => resolve(undefined)));
}

/** What earlier and later invocations of the same code printed there; undefined when that cannot be had. */
async function earlierValues({ from: { run }, at }: ShownMark): Promise<LineValues[] | undefined> {
  const { host, summary } = run;
  const found = await host.running
    ?.lineValues({
      function: summary.function,
      at: { file: at.file, line: at.line, artifact: summary.artifact },
      // The one that is shown is among them.
      limit: listed + 1,
    })
    .catch(() => undefined);
  return found?.filter((each) => each.summary.id !== summary.id).slice(0, listed);
}
