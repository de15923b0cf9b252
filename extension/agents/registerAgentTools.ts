import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** What stands before the names of tools in the editor, where all extensions share them. */
const prefix = 'porchlight_';

type Input = Record<string, unknown>;

/** Offers what agents may do to the editor's language models, by the names that the manifest lists. */
export function registerAgentTools(
  api: EditorApi,
  hosts: Pick<Hosts, 'all' | 'withProject' | 'running'>,
  manifest: unknown,
): Disposable {
  const store = new DisposableStore();
  for (const name of toolNames(manifest)) {
    store.add(api.lm.registerTool<Input>(name, new EditorTool(api, hosts, name.slice(prefix.length))));
  }
  return store;
}

function toolNames(manifest: unknown): string[] {
  const { contributes } = manifest as { contributes?: { languageModelTools?: { name: string }[] } };
  return (contributes?.languageModelTools ?? []).map(({ name }) => name);
}

class EditorTool implements vscode.LanguageModelTool<Input> {
  #api: EditorApi;
  #hosts: Pick<Hosts, 'all' | 'withProject' | 'running'>;
  #name: string;

  constructor(api: EditorApi, hosts: Pick<Hosts, 'all' | 'withProject' | 'running'>, name: string) {
    this.#api = api;
    this.#hosts = hosts;
    this.#name = name;
  }

  /** Nobody's code runs without a question. A wrong input is told by the call itself. */
  async prepareInvocation({
    input: { folder: _, ...input },
  }: vscode.LanguageModelToolInvocationPrepareOptions<Input>): Promise<vscode.PreparedToolInvocation> {
    const tool = await this.#tool();
    if (!tool.runsCode) return { invocationMessage: tool.title };
    let message = tool.title;
    try {
      message = tool.question(input);
    } catch (error) {
      if (!(error instanceof PorchlightError)) throw error;
    }
    return {
      invocationMessage: tool.title,
      confirmationMessages: { title: l10n.t('Run code of this project?'), message },
    };
  }

  async invoke(
    { input: { folder, ...input } }: vscode.LanguageModelToolInvocationOptions<Input>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const [tool, { connection }] = await Promise.all([this.#tool(), this.#hosts.running(this.#host(folder))]);
    const controller = new AbortController();
    const cancelled = token.onCancellationRequested(() => controller.abort());
    try {
      const { text, data } = await tool.run(connection, input, controller.signal);
      const part = new this.#api.LanguageModelTextPart(`${text}\n${JSON.stringify(data)}`);
      return new this.#api.LanguageModelToolResult([part]);
    } finally {
      cancelled.dispose();
    }
  }

  async #tool() {
    const { agentTools } = await import('../../runtime/agents/index.ts');
    const found = agentTools.find(({ name }) => name === this.#name);
    if (!found) throw new PorchlightError('INTERNAL', { detail: `There is no tool ${this.#name}.` });
    return found;
  }

  /** The folder that is named, or the only one with functions. */
  #host(folder: unknown): FolderHost {
    const { all, withProject } = this.#hosts;
    if (folder !== undefined) {
      const found = all.find(({ folder: { name, path } }) => folder === name || folder === path);
      if (found) return found;
    } else {
      const [only, ...others] = withProject.length > 0 ? withProject : all;
      if (only && others.length === 0) return only;
    }
    const known = (withProject.length > 0 ? withProject : all).map(({ folder: { name } }) => name).join(', ');
    throw new PorchlightError('USAGE', {
      detail:
        known === ''
          ? 'No folder is open.'
          : `Several folders have functions: name one of them as folder. Known: ${known}.`,
    });
  }
}
