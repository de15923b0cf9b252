// The reference: what Node's own HTTP server needs for the same answer. Arguments: port, file of the function.
const { createServer } = require('node:http');

const [port, file] = process.argv.slice(2);
const { handler } = require(file);

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const body = Buffer.concat(chunks);
    const result = request.url === '/echo' ? body : JSON.stringify(await handler(body));
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(result),
    });
    response.end(result);
  });
}).listen(Number(port), '127.0.0.1');
