import { Script } from 'node:vm';
import type * as vscode from 'vscode';
import { codeKindOf } from '../../../runtime/model/codeFiles.ts';
import type { BreakpointFacts } from '../../../runtime/protocol/control/breakpointFacts.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import type { FolderHost } from '../../hostClient/folderHost.ts';
import type { Hosts } from '../../hostClient/hosts.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { EditorBreakpoint, Occasion } from './facts.ts';
import type { ToldBreakpoints } from './toldBreakpoints.ts';

/** What the doctor looks at. */
export interface DoctorServices {
  api: EditorApi;
  hosts: Hosts;
  told: ToldBreakpoints;
  isDebugging(host: FolderHost): boolean;
}

/** How the debugger's own wrapping of a condition begins what it prints when that throws. */
const threw = 'Breakpoint condition error: ';
const invocationsLookedAt = 5;

/** A breakpoint of the editor, if it is one in a file on the disk. */
export function readBreakpoint(api: EditorApi, breakpoint: vscode.Breakpoint): EditorBreakpoint | undefined {
  if (!(breakpoint instanceof api.SourceBreakpoint)) return undefined;
  const { uri, range } = breakpoint.location;
  if (uri.scheme !== 'file') return undefined;
  const { enabled, condition, hitCondition, logMessage } = breakpoint;
  // Conditions are in the language of the code; that of others is checked by their debuggers alone.
  const parsed = codeKindOf(uri.fsPath)?.id === 'javascript';
  const conditionProblem = condition && parsed ? problemOf(condition) : undefined;
  return {
    file: uri.fsPath,
    line: range.start.line + 1,
    enabled,
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
    ...(logMessage ? { logMessage } : {}),
    ...(conditionProblem === undefined ? {} : { conditionProblem }),
  };
}

/** Why a text is no expression, as the debugger checks it; it is parsed and not run. */
function problemOf(condition: string): string | undefined {
  try {
    new Script(`(()=>{try{return ${condition};}catch{}})()`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Finds out why breakpoints are or are not hit. */
export class BreakpointDoctor {
  readonly #services: DoctorServices;

  constructor(services: DoctorServices) {
    this.#services = services;
  }

  /** Examines breakpoints of one file. Rejects when its host cannot be asked. */
  async examine(breakpoints: readonly EditorBreakpoint[], occasion?: Occasion): Promise<Diagnosis[]> {
    const [first] = breakpoints;
    if (!first) return [];
    const { api, hosts, told, isDebugging } = this.#services;
    const host = hosts.ofFile(api.Uri.file(first.file));
    const code = codeKindOf(first.file) !== undefined;
    const known = host && code ? await this.#ask(host, breakpoints) : undefined;
    const document = api.workspace.textDocuments.find(({ uri }) => uri.fsPath === first.file);
    const languages = Object.fromEntries(
      (host?.mirror.functions ?? []).map(({ name, language }) => [name, language]),
    );
    return breakpoints.map((breakpoint) => {
      const conditionThrew =
        host && breakpoint.condition !== undefined ? this.#thrown(host, known) : undefined;
      return diagnose(
        {
          breakpoint: { ...breakpoint, ...(conditionThrew === undefined ? {} : { conditionThrew }) },
          code,
          unsaved: document?.isDirty ?? false,
          deactivated: breakpoint.enabled && told.wasSentNone(breakpoint.file),
          debugging: host !== undefined && isDebugging(host),
          told: told.of(breakpoint.file, breakpoint.line, occasion?.instance),
          ...(known ? { host: known } : {}),
          languages,
        },
        occasion,
      );
    });
  }

  async #ask(
    host: FolderHost,
    breakpoints: readonly EditorBreakpoint[],
  ): Promise<BreakpointFacts | undefined> {
    if (host.mirror.functions.length === 0 && !host.running) return undefined;
    const api = host.running ?? (await this.#services.hosts.running(host));
    // Also those that a debugger put them on.
    const put = breakpoints.flatMap(({ file, line }) => this.#services.told.of(file, line).line ?? []);
    const asked = breakpoints.map(({ line }) => line);
    return api.explainBreakpoints({ file: breakpoints[0]!.file, lines: [...new Set([...asked, ...put])] });
  }

  /** What a condition threw, as far as it was printed in the last calls of functions that use the file. */
  #thrown(host: FolderHost, known: BreakpointFacts | undefined): string | undefined {
    const users = new Set(known?.users.map((use) => use.function));
    const { mirror } = host;
    const latest = mirror.invocations.filter((one) => users.has(one.function)).slice(0, invocationsLookedAt);
    const texts = latest.flatMap(({ id }) => mirror.logs(id).map(({ text }) => text));
    return texts.find((text) => text.startsWith(threw))?.slice(threw.length);
  }
}
