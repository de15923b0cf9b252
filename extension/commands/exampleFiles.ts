/** A function to start from, the smallest that shows something: an HTTP trigger, a log line, a state that a resident process keeps. */
export const exampleFiles: readonly { path: string; text: string }[] = [
  {
    path: 'src/hello.js',
    text: `// Lives as long as the instance: a resident one counts on, an ephemeral one starts anew.
let calls = 0;

exports.handler = async (event) => {
  calls += 1;
  const name = event.queryStringParameters?.name ?? 'world';
  console.log('hello', name, { calls });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: \`Hello, \${name}!\`, calls }),
  };
};
`,
  },
  {
    path: 'porchlight.yaml',
    text: `functions:
  hello:
    platform: aws-lambda
    handler: src/hello.handler
    process: { model: resident, idleTimeout: 300s }
    triggers:
      - http: { path: /hello, methods: [GET] }
`,
  },
];
