import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One function of the soak and what its answers have to be. */
export interface SoakFunction {
  name: string;
  /** An event for it; now and then one that makes it misbehave. */
  event(random: () => number): object;
}

const handlers = `'use strict';
const { spawn } = require('node:child_process');
let served = 0;
const kept = [];

/** Does what the event says and answers with the event's number. */
exports.handler = async (given) => {
  const event = Buffer.isBuffer(given) ? JSON.parse(given.toString() || '{}') : given;
  served++;
  if (event.log) for (let line = 0; line < event.log; line++) console.log('line', line, 'of', event.n);
  if (event.leaveTimer) setTimeout(() => served++, 50);
  if (event.child) spawn('sleep', ['30'], { stdio: 'ignore' });
  if (event.grow) kept.push(Buffer.alloc(event.grow * 1024, 1));
  if (event.block) for (const end = Date.now() + event.block; Date.now() < end; );
  if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
  if (event.fail) throw new Error('asked to fail');
  if (event.exit) process.exit(9);
  return { n: event.n, pad: 'x'.repeat(event.pad ?? 0) };
};
`;

const models = [
  '{ model: resident, idleTimeout: 5s, maxInstances: 3 }',
  '{ model: ephemeral, maxInstances: 3 }',
  '{ model: resident, idleTimeout: 2s, maxInstances: 2, prewarm: 1 }',
  '{ model: resident, idleTimeout: 60s, maxInstances: 2, minInstances: 1 }',
  '{ model: resident, idleTimeout: 5s, maxInstances: 2, concurrency: 4 }',
  '{ model: resident, idleTimeout: 3s, maxInstances: 2, freeze: false }',
];

/** Writes a project with functions of every process model, half of them of each platform. */
export async function writeProject(root: string, count: number): Promise<SoakFunction[]> {
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'handlers.js'), handlers);
  const names = Array.from({ length: count }, (_, index) => `f${index}`);
  const lines = names.map((name, index) => {
    const platform = index % 2 ? 'aliyun-fc' : 'aws-lambda';
    const process = models[index % models.length]!;
    return `  ${name}: { handler: handlers.handler, platform: ${platform}, memory: 128MB, timeout: 5s, process: ${process} }`;
  });
  await writeFile(join(root, 'porchlight.yaml'), `functions:\n${lines.join('\n')}\n`);
  return names.map((name) => ({ name, event: chooseEvent }));
}

function chooseEvent(random: () => number): object {
  const dice = random();
  if (dice < 0.55) return {};
  if (dice < 0.65) return { wait: Math.floor(random() * 200) };
  if (dice < 0.75) return { log: Math.floor(random() * 200) };
  if (dice < 0.8) return { pad: Math.floor(random() * 300_000) };
  if (dice < 0.84) return { leaveTimer: true };
  if (dice < 0.87) return { child: true };
  if (dice < 0.9) return { block: Math.floor(random() * 100) };
  if (dice < 0.93) return { grow: Math.floor(random() * 2000) };
  if (dice < 0.97) return { fail: true };
  if (dice < 0.985) return { exit: true };
  return { wait: 6000 };
}
