import assert from 'node:assert/strict';
import { SourceMap } from 'node:module';
import { pathToFileURL } from 'node:url';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { transformSync } from 'esbuild';
import { shiftFirstLine, withoutWrapper } from '../../../../runtime/languages/nodejs/bootstrap.debugMaps.ts';

const source = 'const first: string = "a";\nexport function second(): string {\n  return first;\n}\n';

suite('maps of wrapped files', () => {
  test('the columns of the first line move, all others stay', () => {
    for (const columns of [1, 15, 16, 62, 1000]) {
      const map = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA,IAAI;EACA' };
      const moved = new SourceMap({ ...map, mappings: shiftFirstLine(map.mappings, columns) } as never);
      const at = (line: number, column: number) => {
        const { originalLine, originalColumn } = moved.findEntry(line, column) as never as {
          originalLine: number;
          originalColumn: number;
        };
        return [originalLine, originalColumn];
      };
      assert.deepEqual(at(0, columns), [0, 0]);
      assert.deepEqual(at(0, columns + 4), [0, 4]);
      assert.deepEqual(at(1, 2), [1, 4]);
    }
  });

  test('minified code takes its map along, whose sources are found from anywhere', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-maps-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'min.js');
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      minify: true,
      sourcemap: true,
      sourcefile: 'src/a.ts',
    });
    for (const how of ['linked', 'inline']) {
      const url =
        how === 'linked'
          ? 'min.js.map'
          : `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      writeFileSync(`${file}.map`, map);
      const text = withoutWrapper(`${code}//# sourceMappingURL=${url}\n`, file, 62)!;
      assert.ok(text.startsWith(code));
      const data = /base64,(\S+)/.exec(text)![1]!;
      const moved = JSON.parse(Buffer.from(data, 'base64').toString()) as { sources: string[] };
      assert.deepEqual(moved.sources, [pathToFileURL(join(folder, 'src/a.ts')).href]);
      const column = code.lastIndexOf('return');
      const entry = new SourceMap(moved as never).findEntry(0, column + 62) as { originalLine: number };
      assert.equal(entry.originalLine, 2);
    }
  });

  test('what needs nothing stays as it is', () => {
    assert.equal(withoutWrapper('a();\n', '/a.js', 62), undefined);
    const lines = 'a();\n//# sourceMappingURL=data:application/json,{"mappings":";AAAA","sources":[]}\n';
    assert.equal(withoutWrapper(lines, '/a.js', 62), lines);
    const missing = 'a();\n//# sourceMappingURL=missing.map\n';
    assert.equal(withoutWrapper(missing, '/nowhere/a.js', 62), missing);
    const remote = 'a();\n//# sourceMappingURL=https://example.com/a.map\n';
    assert.equal(withoutWrapper(remote, '/a.js', 62), remote);
  });
});
