import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceFile, usualServiceSystem } from '../../../../runtime/deploy/local/serviceFile.ts';

const program = ['/opt/node/bin/node', '/opt/porch light/porchlight.cjs'];

test('a systemd unit, with what its syntax gives a meaning kept as it is', () => {
  const { text, steps } = serviceFile('systemd', { root: '/home/me/100% "my" $HOME', program });
  assert.match(
    text,
    /^ExecStart="\/opt\/node\/bin\/node" "\/opt\/porch light\/porchlight\.cjs" "serve" "run" "--alone" "\/home\/me\/100%% \\"my\\" \$\$HOME"$/m,
  );
  assert.match(steps.join('\n'), /systemctl --user enable --now porchlight-100-my-home-[0-9a-f]{8}/);
});

test('a launch agent is XML', () => {
  const { text, steps } = serviceFile('launchd', { root: '/Users/me/a & <b>', program });
  assert.match(text, /<string>\/Users\/me\/a &amp; &lt;b&gt;<\/string>/);
  assert.match(text, /<string>com\.porchlight\.a-b-[0-9a-f]{8}<\/string>/);
  assert.match(steps.join('\n'), /launchctl bootstrap/);
});

test('a task of Windows, with words that end with backslashes', () => {
  const windows = ['C:\\Program Files\\node.exe', 'C:\\p\\porchlight.cjs'];
  const { text } = serviceFile('windows', { root: 'C:\\my folder\\', program: windows });
  assert.match(text, /<Command>C:\\Program Files\\node\.exe<\/Command>/);
  assert.match(text, /&quot;C:\\my folder\\\\&quot;<\/Arguments>/);
});

test('folders of one name are services of their own', () => {
  const name = (root: string) => serviceFile('systemd', { root, program }).steps[0];
  assert.notEqual(name('/a/shop'), name('/b/shop'));
  assert.deepEqual((['linux', 'darwin', 'win32', 'freebsd'] as const).map(usualServiceSystem), [
    'systemd',
    'launchd',
    'windows',
    'systemd',
  ]);
});
