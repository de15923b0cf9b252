// A web application as it would be written for any server. Notes live as long as its process.
const { createServer } = require('node:http');

const notes = [];

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      notes.push(text);
      console.log(`note ${notes.length}: ${text}`);
      response.writeHead(201, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`Kept as note ${notes.length}.\n`);
    });
    return;
  }
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(notes.map((note, index) => `${index + 1}. ${note}\n`).join('') || 'No notes yet.\n');
});

server.listen(process.env.PORT ?? 8080, '127.0.0.1', () => console.log('ready'));
