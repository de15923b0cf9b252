// One function behind h3. Arguments: h3's module, the function's file, the port.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [library, file, port] = process.argv.slice(2);
const { H3, serve } = await import(pathToFileURL(library).href);
const { handler } = createRequire(import.meta.url)(file);

const app = new H3().post('/', async (event) => handler(await event.req.json()));
serve(app, { port: Number(port), hostname: '127.0.0.1', silent: true });
