// Runs one worker script in miniflare and gives it the new text whenever the file changes.
// Arguments: miniflare's module, the script, the port.
import { readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const [library, script, port] = process.argv.slice(2);
const { Miniflare } = await import(pathToFileURL(library).href);

let text = readFileSync(script, 'utf8');
const options = () => ({
  modules: true,
  script: text,
  host: '127.0.0.1',
  port: Number(port),
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_compat'],
});
const miniflare = new Miniflare(options());
process.once('SIGTERM', () => void miniflare.dispose().then(() => process.exit(0)));
await miniflare.ready;

// The folder: a file that is replaced would be lost from sight.
watch(dirname(script), (_, name) => {
  if (name !== basename(script)) return;
  const now = readFileSync(script, 'utf8');
  // A write shows twice, and first as an empty file.
  if (now === '' || now === text) return;
  text = now;
  void miniflare.setOptions(options());
});
