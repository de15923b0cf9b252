import type * as vscode from 'vscode';
import type { Dialogs } from '../../editor/dialogs.ts';
import { l10n } from '../../editor/l10n.ts';
import { reasonText, remedyText } from './diagnosisText.ts';
import { readBreakpoint, type BreakpointDoctor, type DoctorServices } from './doctor.ts';
import { carryOutRemedy } from './remedies.ts';

/** What explaining a breakpoint takes. */
export interface ExplainServices extends Pick<DoctorServices, 'api' | 'hosts'> {
  doctor: BreakpointDoctor;
  dialogs: Pick<Dialogs, 'pick' | 'info'>;
}

/** The line a command is about: that of the gutter's menu, otherwise the cursor's. Counts from 0. */
function lineOf({ api }: ExplainServices, argument: unknown): { uri: vscode.Uri; line: number } | undefined {
  const { uri, lineNumber } = (argument ?? {}) as { uri?: vscode.Uri; lineNumber?: unknown };
  if (uri && typeof lineNumber === 'number') return { uri, line: lineNumber - 1 };
  const editor = api.window.activeTextEditor;
  return editor && { uri: editor.document.uri, line: editor.selection.active.line };
}

async function choose(
  services: ExplainServices,
  argument: unknown,
): Promise<vscode.SourceBreakpoint | undefined> {
  const { api, dialogs } = services;
  const all = api.debug.breakpoints.filter(
    (one): one is vscode.SourceBreakpoint => readBreakpoint(api, one) !== undefined,
  );
  const at = lineOf(services, argument);
  const found = all.find(
    ({ location }) => location.uri.toString() === at?.uri.toString() && location.range.start.line === at.line,
  );
  if (found) return found;
  if (all.length === 0) {
    void dialogs.info(l10n.t('There are no breakpoints. Set one by clicking left of a line number.'));
    return undefined;
  }
  const choices = all.map((value) => {
    const { uri, range } = value.location;
    return {
      label: `${uri.path.split('/').at(-1)}:${range.start.line + 1}`,
      description: api.workspace.asRelativePath(uri),
      value,
    };
  });
  return dialogs.pick(choices, { placeHolder: l10n.t('Which breakpoint?') });
}

/** Tells why a breakpoint is or is not hit, and carries out what the user chooses to do about it. */
export async function explainBreakpoint(services: ExplainServices, argument: unknown): Promise<void> {
  const { api, doctor, dialogs } = services;
  const breakpoint = await choose(services, argument);
  const read = breakpoint && readBreakpoint(api, breakpoint);
  if (!breakpoint || !read) return;
  const [diagnosis] = await doctor.examine([read]);
  if (!diagnosis) return;
  const { text } = reasonText(diagnosis.reason);
  const name = `${breakpoint.location.uri.path.split('/').at(-1)}:${read.line}`;
  const actions = diagnosis.remedies.map(remedyText);
  const answer = await dialogs.info(`${name}: ${text}`, ...actions);
  const chosen = answer === undefined ? undefined : diagnosis.remedies[actions.indexOf(answer)];
  if (chosen) await carryOutRemedy(services, breakpoint, chosen);
}
