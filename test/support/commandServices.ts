import type * as vscode from 'vscode';
import { root } from '../../scripts/setup.mjs';
import { CompareSelection } from '../../extension/commands/compareSelection.ts';
import { tellRemoteNews } from '../../extension/commands/followCommands.ts';
import type { CommandServices } from '../../extension/commands/services.ts';
import { commandTable } from '../../extension/commands/table.ts';
import type { Choice, Dialogs } from '../../extension/editor/dialogs.ts';
import { Hosts } from '../../extension/hostClient/hosts.ts';
import { InlineSetting } from '../../extension/presentation/inlineSetting.ts';
import { InvocationFilter } from '../../extension/presentation/invocationFilter.ts';
import { InvocationSelection } from '../../extension/presentation/invocationSelection.ts';
import { FakeLauncher } from './fakeHosts.ts';
import { vscodeMock } from './vscodeMock.ts';

/** Answers questions from lists, and writes down what was shown: `pick: …`, `confirm: …`, `error: …`. */
export class ScriptedDialogs implements Dialogs {
  readonly shown: string[] = [];
  /** Labels to choose from pick lists, one per list. */
  picks: string[] = [];
  inputs: (string | undefined)[] = [];
  confirms = true;

  pick = async <T>(choices: Choice<T>[] | Promise<Choice<T>[]>): Promise<T | undefined> => {
    const list = await choices;
    this.shown.push(`pick: ${list.map((choice) => choice.label).join(' | ')}`);
    const wanted = this.picks.shift();
    return list.find((choice) => choice.label === wanted)?.value;
  };

  input = (options: { prompt?: string; value?: string }): Promise<string | undefined> => {
    this.shown.push(`input: ${options.prompt} [${options.value}]`);
    return Promise.resolve(this.inputs.shift());
  };

  /** Files and folders to choose, one per question. */
  files: vscode.Uri[] = [];

  openFile = (): Promise<vscode.Uri | undefined> => Promise.resolve(this.files.shift());

  confirm = (message: string, detail: string): Promise<boolean> => {
    this.shown.push(`confirm: ${message} ${detail}`);
    return Promise.resolve(this.confirms);
  };

  /** Actions of messages to choose, one per message that offers any. */
  actions: (string | undefined)[] = [];

  #show(kind: string) {
    return (message: string, ...actions: string[]): Promise<string | undefined> => {
      this.shown.push(`${kind}: ${message}`);
      const wanted = actions.length > 0 ? this.actions.shift() : undefined;
      return Promise.resolve(actions.find((action) => action === wanted));
    };
  }

  info = this.#show('info');
  warn = this.#show('warn');
  error = this.#show('error');
  remark = (message: string): void => void this.shown.push(`remark: ${message}`);
}

/** Everything commands work with, over fake hosts. */
export function commandServices(t: { after(run: () => void): void }, paths = ['/p']) {
  const mock = vscodeMock(paths);
  const launcher = new FakeLauncher();
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const dialogs = new ScriptedDialogs();
  const opened: { name: string; text: string }[] = [];
  const logged: string[] = [];
  const debugged = new Set<string>();
  const remembered = new Map<string, unknown>();
  const inlineLogs = new InlineSetting(mock.api);
  const services = {
    api: mock.api,
    dialogs,
    hosts,
    selection: new InvocationSelection(),
    filter: new InvocationFilter(),
    documents: {
      open: (name: string, text: string) => Promise.resolve(opened.push({ name, text })),
      place: (name: string, text: string, key: string) => {
        opened.push({ name, text });
        return mock.api.Uri.from({ scheme: 'porchlight', path: `/${key}/${name}` });
      },
    },
    inlineLogs,
    loggedValues: (_file: string, line: number) => (line === 1 ? ['first', 'second'] : []),
    logChannel: (title: string) => ({
      show: () => {},
      appendLine: (line: string) => void logged.push(`${title}: ${line}`),
    }),
    log: { show: () => {}, info: () => {}, error: () => {} },
    state: {
      get: (key: string, fallback: unknown) => remembered.get(key) ?? fallback,
      update: (key: string, value: unknown) => Promise.resolve(void remembered.set(key, value)),
    },
    globalState: {
      get: (key: string) => remembered.get(`global ${key}`),
      update: (key: string, value: unknown) => Promise.resolve(void remembered.set(`global ${key}`, value)),
    },
    extensionUri: mock.api.Uri.file(root),
    invocationsVisible: () => true,
    loadMoreInvocations: () => Promise.resolve(),
    isDebugged: (_host: unknown, name: string) => debugged.has(name),
    debugFunction: (_host: unknown, name: string) => Promise.resolve(void debugged.add(name)),
    compare: new CompareSelection(mock.api),
  } as unknown as CommandServices;
  const told = hosts.onDidChange((change) => {
    if (change.kind === 'remote') tellRemoteNews(services, change.host, change.change);
  });
  t.after(() => told.dispose());
  t.after(() => hosts.dispose());
  t.after(() => inlineLogs.dispose());
  const run = (id: string, argument?: unknown, selected?: unknown): unknown => {
    const command = commandTable.find((candidate) => candidate.id === `porchlight.${id}`);
    if (!command) throw new Error(`no command ${id}`);
    return command.create(services)(argument, selected);
  };
  return { mock, launcher, hosts, dialogs, opened, logged, services, run, debugged };
}
