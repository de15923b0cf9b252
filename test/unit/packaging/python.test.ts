import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { archiveFunction } from '../../../runtime/packaging/archiveFunction.ts';
import { createPackager } from '../../../runtime/packaging/packager.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { pythonOfMachine } from '../../support/python.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const python = pythonOfMachine();

function project(t: TestContext, files: Record<string, string>) {
  const root = tempFolder(t);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const packager = createPackager({ root });
  t.after(() => packager.dispose());
  const definition = functionDefinition(root, { language: 'python', handler: 'app/main.handler' });
  return { root, write, packager, definition };
}

const files = {
  'app/main.py':
    'from . import near\nfrom lib.deep import (\n    one,\n)\nimport os, helper\n\ndef handler(event, context):\n    return 1\n',
  'app/near.py': '',
  'lib/__init__.py': '',
  'lib/deep/__init__.py': '',
  'lib/deep/one.py': 'import lib.other as other\n',
  'lib/other.py': '',
  'helper.py': '',
  'unrelated.py': '',
  '.venv/pyvenv.cfg': 'version = 3.11.7\n',
};

test('a Python artifact is what the handler imports from the code folder, from where it lies', async (t) => {
  const { root, write, packager, definition } = project(t, files);
  const artifact = await packager.prepare(definition, '3.11.7', python);
  assert.equal(artifact.entry, join(root, 'app', 'main.py'));
  assert.deepEqual(artifact.inputs.map((file) => relative(root, file).replaceAll('\\', '/')).sort(), [
    'app/main.py',
    'app/near.py',
    'helper.py',
    'lib/__init__.py',
    'lib/deep/__init__.py',
    'lib/deep/one.py',
    'lib/other.py',
  ]);
  write('unrelated.py', 'x = 1\n');
  packager.invalidate([join(root, 'unrelated.py')]);
  assert.equal((await packager.prepare(definition, '3.11.7', python)).id, artifact.id);
  write('lib/other.py', 'x = 1\n');
  assert.deepEqual(packager.invalidate([join(root, 'lib', 'other.py')]), ['hello']);
  assert.notEqual((await packager.prepare(definition, '3.11.7', python)).id, artifact.id);
});

test(
  'an edit that cannot be compiled is told with its place',
  { skip: python ? false : 'No Python 3.8 or newer is installed.' },
  async (t) => {
    const { root, write, packager, definition } = project(t, files);
    await packager.prepare(definition, '3.11.7', python);
    write('helper.py', 'def broken(:\n    pass\n');
    packager.invalidate([join(root, 'helper.py')]);
    await assert.rejects(packager.prepare(definition, '3.11.7', python), {
      code: 'BUILD_FAILED',
      message: /^helper\.py:1:12: invalid syntax\. /,
    });
  },
);

test('an archive holds own code and vendored packages, and says what was not installed', async (t) => {
  const { root, write, definition } = project(t, {
    ...files,
    'requirements.txt': '# pinned\nrequests==2.32\n',
    'app/__pycache__/main.cpython-311.pyc': '',
    '.env': 'SECRET=1\n',
  });
  const options = { root, places: join(root, '.porchlight') };
  const bare = await archiveFunction(definition, options);
  assert.deepEqual(
    bare.files.map(({ path }) => path),
    [...Object.keys(files).filter((path) => !path.startsWith('.')), 'requirements.txt'].sort(),
  );
  assert.deepEqual(
    bare.findings.map(({ code, line }) => [code, line]),
    [['REQUIREMENTS_NOT_SHIPPED', 2]],
  );
  assert.equal(bare.start.entry, 'app/main.py');
  write('requests/__init__.py', '');
  write('requests-2.32.0.dist-info/METADATA', 'Name: requests\n');
  assert.deepEqual((await archiveFunction(definition, options)).findings, []);
  write(
    'requirements.txt',
    'Requests\nboto3\nSQLAlchemy[asyncio]>=2\npywin32; sys_platform == "win32"\n-r more.txt\n',
  );
  const [finding, ...others] = (await archiveFunction({ ...definition, platform: 'aws-lambda' }, options))
    .findings;
  assert.deepEqual([finding!.line, others], [3, []]);
  assert.match(finding!.message, /names SQLAlchemy, not found beside the code/);
});

test('a handler that is not there names the nearest one', async (t) => {
  const { packager, definition } = project(t, files);
  await assert.rejects(packager.prepare({ ...definition, handler: 'app.mian.handler' }), {
    code: 'MODULE_MISSING',
    message: /app\/main/,
  });
});
