// @workspace test/fixtures/debug-monorepo
// @alone
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { DebugDriver } from '../debugDriver.ts';
import { writeMappedCode } from '../mappedCode.ts';

const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');
const files = {
  handler: 'packages/api/src/handler.ts',
  shared: 'packages/shared/src/index.ts',
  util: 'packages/util/src/double.ts',
} as const;
const forms = ['cjs-linked', 'cjs-inline', 'esm-linked', 'esm-inline'] as const;

/** Lines of a module that says who it is. */
function talking(name: string, modules: 'cjs' | 'esm'): string[] {
  return [
    `const own: string = '${name}';`,
    '',
    `${modules === 'esm' ? 'export ' : ''}function ${name}(to: string) {`,
    '  const text: string = own + " to " + to;',
    '  return text;',
    '}',
    ...(modules === 'cjs' ? [`exports.${name} = ${name};`] : []),
  ];
}

suite('Debugging in a monorepo', () => {
  /** Lines that were put in front of the code so far. */
  const moved: Record<string, number> = { [files.shared]: 0, [files.util]: 0 };
  let driver: DebugDriver;

  suiteSetup(async () => {
    const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    writePackages(root);
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  const stopsOfApi = () => {
    const [shared, util] = [moved[files.shared]!, moved[files.util]!];
    return [
      `index.ts:${1 + shared}`,
      `double.ts:${1 + util}`,
      'handler.ts:4',
      `double.ts:${4 + util}`,
      `index.ts:${4 + shared}`,
    ];
  };

  async function breakEverywhere(): Promise<void> {
    for (const [file, text] of [
      [files.shared, 'const currency'],
      [files.util, 'const factor'],
      [files.handler, 'const started'],
      [files.util, 'const result'],
      [files.shared, 'const text'],
    ] as const)
      await driver.breakAt(file, text);
  }

  for (const name of ['api', 'api-esm']) {
    test(`${name}: sources of workspace packages stop on the first call, module level included`, async () => {
      await breakEverywhere();
      await debugFunctions();
      for (const start of ['cold', 'prewarmed'] as const) {
        if (start === 'prewarmed') await driver.spareOf(name);
        const record = await driver.passing(driver.invoke(name, { amount: 21 }, start), stopsOfApi());
        assert.match(record.result?.data ?? '', /42 EUR/);
      }
    });

    test(`${name}: sources of workspace packages stop after edits of several of them`, async () => {
      await breakEverywhere();
      await debugFunctions();
      let { instance } = await driver.passing(driver.invoke(name, { amount: 21 }), stopsOfApi());
      for (const file of [files.shared, files.util, files.shared, files.util]) {
        const text = file === files.shared ? 'const currency' : 'const factor';
        await driver.edit(file, [[text, `// Line ${moved[file]} more.\n${text}`]]);
        moved[file] = moved[file]! + 1;
        const record = await driver.passing(driver.invoke(name, { amount: 21 }), stopsOfApi());
        assert.notEqual(record.instance?.pid, instance?.pid);
        ({ instance } = record);
      }
    });
  }

  test('an edit of a package alone: the next call runs it, and breakpoints of other files hold', async () => {
    await breakEverywhere();
    await debugFunctions();
    const before = await driver.passing(driver.invoke('api', { amount: 21 }), stopsOfApi());
    await driver.edit(files.shared, [["'EUR'", "'USD'"]]);
    try {
      const after = await driver.passing(driver.invoke('api', { amount: 21 }), stopsOfApi());
      assert.match(after.result?.data ?? '', /42 USD/);
      assert.notEqual(after.instance?.id, before.instance?.id);
    } finally {
      await driver.edit(files.shared, [["'USD'", "'EUR'"]]);
    }
  });

  for (const form of forms)
    test(`built by somebody else (${form}): stops in the source it was made of, from its first line`, async () => {
      await driver.breakAt(`packages/forms/sources/${form}.ts`, 'const own');
      await driver.breakAt(`packages/forms/sources/${form}.ts`, 'const text');
      await debugFunctions();
      await driver.passing(driver.invoke(form, 'me', 'cold'), [`${form}.ts:1`, `${form}.ts:4`]);
      await driver.passing(driver.invoke(form, 'me', 'warm'), [`${form}.ts:4`]);
    });

  for (const [name, file] of [
    ['js-cjs', 'plain.js'],
    ['js-esm', 'module.mjs'],
  ] as const)
    test(`plain JavaScript (${name}): stops from its first line, also after an edit`, async () => {
      const path = `packages/forms/${file}`;
      await driver.breakAt(path, 'const greeting');
      await driver.breakAt(path, 'const text');
      await debugFunctions();
      const event = { name: 'Ada' };
      await driver.passing(driver.invoke(name, event, 'cold'), [`${file}:1`, `${file}:4`]);
      await driver.edit(path, [['const greeting', '// Moved.\nconst greeting']]);
      await driver.passing(driver.invoke(name, event), [`${file}:2`, `${file}:5`]);
    });

  test('packages: plain, with TypeScript and maps, and linked ones stop on the first call and on later ones', async () => {
    const at = {
      plain: 'node_modules/plain-dep/index.js',
      typed: 'node_modules/typed-dep/src/typed.ts',
      linked: 'packages/linked/src/linked.ts',
    };
    for (const file of Object.values(at)) {
      await driver.breakAt(file, 'const own');
      await driver.breakAt(file, 'const text');
    }
    await debugFunctions();
    const call = (start?: 'cold') => driver.invoke('depends', { name: 'you' }, start);
    const top = ['index.js:1', 'typed.ts:1', 'linked.ts:1'];
    const inside = ['index.js:4', 'typed.ts:4', 'linked.ts:4'];
    const record = await driver.passing(call(), [...top, ...inside]);
    assert.equal(record.result?.data, '"plain to you, typed to you, linked to you"');
    await driver.passing(call(), inside);
    await driver.passing(call('cold'), [...top, ...inside]);
    // A spare that would have loaded the packages before anybody looks is not in the way.
    await driver.edit('packages/api/src/depends.ts', [['const texts', '// Moved.\n  const texts']]);
    await driver.passing(call(), [...top, ...inside]);
  });

  test('steps from a function into the sources of its packages, which have no breakpoint', async () => {
    await driver.breakAt('packages/api/src/depends.ts', 'const texts');
    await debugFunctions();
    const answer = driver.invoke('depends', { name: 'you' }, 'cold');
    let stop = await driver.stop();
    const caller = stop.at;
    assert.match(caller, /^depends\.ts:/);
    for (const within of ['index.js:4', 'typed.ts:4', 'linked.ts:4']) {
      if (stop.at !== caller) {
        stop = await driver.step(stop, 'stepOut');
        assert.equal(stop.at, caller);
      }
      // Bundlers read what a package exports by a getter of their own: a step into that comes back to the line.
      for (let steps = 0; stop.at === caller && steps < 3; steps++) stop = await driver.step(stop, 'stepIn');
      assert.equal(stop.at, within);
      assert.match(stop.frames[1] ?? '', /depends\.ts:/);
    }
    await driver.resume(stop);
    assert.equal((await answer).status, 'ok');
  });
});

/** What an installer makes, and what others have built. */
function writePackages(root: string): void {
  for (const form of forms) {
    const [modules, map] = form.split('-') as ['cjs' | 'esm', 'linked' | 'inline'];
    writeMappedCode({
      source: join(root, `packages/forms/sources/${form}.ts`),
      built: join(root, `packages/forms/built/${form}.${modules === 'esm' ? 'mjs' : 'js'}`),
      lines: talking('handler', modules).map((line) => line.replace('function', 'async function')),
      map,
    });
  }
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('node_modules/plain-dep/package.json', '{"name":"plain-dep","version":"1.0.0","main":"index.js"}');
  put(
    'node_modules/plain-dep/index.js',
    `${talking('plain', 'cjs')
      .map((line) => line.replaceAll(': string', ''))
      .join('\n')}\n`,
  );
  for (const [name, folder] of [
    ['typed', 'node_modules/typed-dep'],
    ['linked', 'packages/linked'],
  ] as const) {
    const packageName = name === 'typed' ? 'typed-dep' : '@demo/linked';
    put(
      `${folder}/package.json`,
      JSON.stringify({ name: packageName, version: '1.0.0', main: 'dist/index.js' }),
    );
    writeMappedCode({
      source: join(root, folder, `src/${name}.ts`),
      built: join(root, folder, 'dist/index.js'),
      lines: talking(name, 'cjs'),
      map: 'linked',
    });
  }
  const link = (target: string, path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // Junctions need no privilege on Windows.
    symlinkSync(join(root, target), join(root, path), 'junction');
  };
  // As npm links workspaces, and as pnpm does.
  link('packages/linked', 'node_modules/@demo/linked');
  link('packages/shared', 'packages/api/node_modules/@demo/shared');
}
