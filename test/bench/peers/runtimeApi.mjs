// The least of AWS Lambda's Runtime API: one caller after the other, and the runtime client as a child process.
// Arguments: port, the client's script, the handler. The working folder is that of the function.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, client, handler] = process.argv.slice(2);
const waiting = [];
const running = new Map();
let nextPoll;
let count = 0;

function give() {
  if (!nextPoll || waiting.length === 0) return;
  const response = nextPoll;
  nextPoll = undefined;
  const { event, caller } = waiting.shift();
  const id = `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
  running.set(id, caller);
  response.setHeader('Lambda-Runtime-Aws-Request-Id', id);
  response.setHeader('Lambda-Runtime-Deadline-Ms', String(Date.now() + 60_000));
  response.setHeader('Lambda-Runtime-Invoked-Function-Arn', 'arn:aws:lambda:eu-central-1:1:function:bench');
  response.setHeader('Content-Type', 'application/json');
  response.end(event);
}

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const call = /^\/2018-06-01\/runtime\/(?:invocation\/)?(.*?)(?:\/(response|error))?$/.exec(request.url);
    if (!call) {
      waiting.push({ event: body, caller: response });
    } else if (call[1] === 'next') {
      nextPoll = response;
    } else {
      running
        .get(call[1])
        ?.writeHead(call[2] === 'response' ? 200 : 500)
        .end(body);
      running.delete(call[1]);
      response.writeHead(202).end();
    }
    give();
  });
}).listen(Number(port), '127.0.0.1');

const child = spawn(process.execPath, [client, handler], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    LAMBDA_TASK_ROOT: process.cwd(),
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: 'bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
  },
});
child.once('exit', (code) => process.exit(code ?? 1));
process.once('SIGTERM', () => child.kill('SIGKILL'));
