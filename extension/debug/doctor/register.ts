import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../runtime/support/disposable.ts';
import { commandIds, contextKeys, internalCommandIds } from '../../contributions/ids.ts';
import { ContextKey } from '../../editor/contextKey.ts';
import type { Dialogs } from '../../editor/dialogs.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { BreakpointDoctor } from './doctor.ts';
import { explainBreakpoint } from './explainCommand.ts';
import { HintMarks, type RemedyArgument } from './hintMarks.ts';
import { BreakpointHints, type HintServices } from './hints.ts';
import { carryOutRemedy } from './remedies.ts';
import { ToldBreakpoints } from './toldBreakpoints.ts';

/** What the doctor needs of the rest. */
export interface DoctorRegistration extends Omit<HintServices, 'told' | 'doctor' | 'dialogs'> {
  dialogs: Pick<Dialogs, 'pick' | 'info' | 'remark'>;
  normalize(path: string): string;
  report(error: unknown): void;
}

/** The doctor with everything that makes it visible. */
export interface RegisteredDoctor extends Disposable {
  doctor: BreakpointDoctor;
  hints: BreakpointHints;
}

/** Registers the doctor's commands, hints and menus. */
export function registerDoctor(services: DoctorRegistration): RegisteredDoctor {
  const { api, hosts, normalize, report } = services;
  const store = new DisposableStore();
  const told = store.add(new ToldBreakpoints(api, normalize));
  const doctor = new BreakpointDoctor({ ...services, told });
  const hints = store.add(new BreakpointHints({ ...services, told, doctor }));
  store.add(new HintMarks(api, hints));
  store.add(keepBreakpointLines(api));
  store.add(
    api.commands.registerCommand(commandIds.explainBreakpoint, (argument?: unknown) =>
      explainBreakpoint({ ...services, doctor }, argument).catch(report),
    ),
  );
  store.add(
    api.commands.registerCommand(internalCommandIds.remedy, async (argument?: unknown) => {
      const { breakpoint, remedy } = (argument ?? {}) as Partial<RemedyArgument>;
      const hint = typeof breakpoint === 'string' ? hints.find(breakpoint) : undefined;
      const chosen = typeof remedy === 'number' ? hint?.diagnosis.remedies[remedy] : undefined;
      // What the link was about has been settled meanwhile.
      if (!hint || !chosen) return;
      await carryOutRemedy({ api, hosts }, hint.breakpoint, chosen).catch(report);
    }),
  );
  return { doctor, hints, dispose: () => store.dispose() };
}

/** Keeps the lines with breakpoints of the active editor, so that the gutter's menu asks about those only. */
function keepBreakpointLines(api: EditorApi): Disposable {
  const store = new DisposableStore();
  const key = new ContextKey<readonly number[]>(api, contextKeys.breakpointLines);
  const update = () => {
    const uri = api.window.activeTextEditor?.document.uri.toString();
    const lines = api.debug.breakpoints.flatMap((one: vscode.Breakpoint) => {
      if (!(one instanceof api.SourceBreakpoint) || one.location.uri.toString() !== uri) return [];
      return [one.location.range.start.line + 1];
    });
    key.set(lines);
  };
  store.add(api.debug.onDidChangeBreakpoints(update));
  store.add(api.window.onDidChangeActiveTextEditor(update));
  update();
  return store;
}
