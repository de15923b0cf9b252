import type * as vscode from 'vscode';
import type { TestCase } from '../../runtime/model/testing/testCase.ts';
import type { SourcePosition } from '../../runtime/model/words.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** What a leaf of the tree stands for. */
export interface SavedTest {
  host: FolderHost;
  id: string;
}

/** The tree of saved events: folder (when several have some), function, event. Equal items stay, so that results do. */
export class TestTree {
  readonly #api: EditorApi;
  readonly #hosts: Hosts;
  readonly #controller: vscode.TestController;
  #tests = new WeakMap<vscode.TestItem, SavedTest>();

  constructor(api: EditorApi, hosts: Hosts, controller: vscode.TestController) {
    this.#api = api;
    this.#hosts = hosts;
    this.#controller = controller;
  }

  /** Makes the tree equal to what the hosts told. */
  update(): void {
    const hosts = this.#hosts.all.filter((host) => host.mirror.tests.tests.length > 0);
    const { items } = this.#controller;
    if (hosts.length === 1) {
      this.#replace(items, this.#functions(hosts[0]!, items));
    } else {
      const folders = hosts.map((host) => {
        const { path, name } = host.folder;
        const item = this.#item(items, path, name, { file: path, line: 0, column: 0 });
        this.#replace(item.children, this.#functions(host, item.children));
        return item;
      });
      this.#replace(items, folders);
    }
  }

  /** The saved event of a leaf. */
  testOf(item: vscode.TestItem): SavedTest | undefined {
    return this.#tests.get(item);
  }

  /** Leaves below items (of the whole tree without), without those that are excluded, in the order of the tree. */
  leaves(
    include: readonly vscode.TestItem[] | undefined,
    exclude: readonly vscode.TestItem[] = [],
  ): vscode.TestItem[] {
    const found = new Set<vscode.TestItem>();
    const left = new Set(exclude.map(({ id }) => id));
    const visit = (item: vscode.TestItem): void => {
      if (left.has(item.id)) return;
      if (this.#tests.has(item)) found.add(item);
      else item.children.forEach(visit);
    };
    // Items of a run that goes on may have been replaced meanwhile.
    if (include) for (const item of include) visit(this.find(item.id) ?? item);
    else this.#controller.items.forEach(visit);
    return [...found];
  }

  /** An item of the tree by its id, which is unique within the whole tree. */
  find(id: string): vscode.TestItem | undefined {
    const search = (items: vscode.TestItemCollection): vscode.TestItem | undefined => {
      for (const [key, item] of items) {
        const found = key === id ? item : search(item.children);
        if (found) return found;
      }
      return undefined;
    };
    return search(this.#controller.items);
  }

  #functions(host: FolderHost, known: vscode.TestItemCollection): vscode.TestItem[] {
    const { tests } = host.mirror.tests;
    return [...new Set(tests.map((test) => test.function))].map((name) => {
      const id = `${host.folder.path}\n${name}`;
      const state = host.mirror.function(name);
      const item = this.#item(known, id, name, state?.declaredAt ?? tests[0]!.at);
      const own = tests.filter((test) => test.function === name);
      const events = own.map((test, index) => this.#event(host, test, index, item.children));
      this.#replace(item.children, events);
      return item;
    });
  }

  #event(host: FolderHost, test: TestCase, index: number, known: vscode.TestItemCollection): vscode.TestItem {
    const item = this.#item(known, `${host.folder.path}\n${test.id}`, test.name, test.at);
    const { line, column, endLine, endColumn } = test.at;
    item.range = new this.#api.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
    item.sortText = String(index).padStart(6, '0');
    item.error = test.fault;
    this.#tests.set(item, { host, id: test.id });
    return item;
  }

  #item(known: vscode.TestItemCollection, id: string, label: string, at: SourcePosition): vscode.TestItem {
    const uri = this.#api.Uri.file(at.file);
    const before = known.get(id);
    const same = before?.uri?.toString() === uri.toString();
    const item = same ? before! : this.#controller.createTestItem(id, label, uri);
    item.label = label;
    if (at.line > 0) {
      const position = new this.#api.Position(at.line - 1, Math.max(0, at.column - 1));
      item.range = new this.#api.Range(position, position);
    }
    return item;
  }

  #replace(items: vscode.TestItemCollection, wanted: vscode.TestItem[]): void {
    const same = items.size === wanted.length && wanted.every((item) => items.get(item.id) === item);
    if (!same) items.replace(wanted);
  }
}
