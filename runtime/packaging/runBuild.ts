import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import { withArtifactsDir } from '../model/program.ts';
import { groupOptions, killTree } from '../support/processTree.ts';
import { phrase, say, type Phrase } from '../support/l10n.ts';

/** Characters of a build's output, and of its command, that are told. */
const mostOutput = 8 * 1024;
const longestCommand = 200;

export interface BuildRun {
  function: string;
  /** Text is the shell's, a list is a program and its arguments. */
  build: string | string[];
  cwd: string;
  root: string;
  /** Where what it makes belongs: `$ARTIFACTS_DIR`. */
  artifactsDir: string;
  signal: AbortSignal;
}

/** Runs the build of a program, with the tools and variables of whoever started the host; throws `PROGRAM_NOT_BUILT`. */
export function runBuild({
  function: name,
  build,
  cwd,
  root,
  artifactsDir,
  signal,
}: BuildRun): Promise<void> {
  const shell = typeof build === 'string';
  const filled = (shell ? [build] : build).map((part) => withArtifactsDir(part, artifactsDir));
  const [command = '', ...args] = filled;
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      shell,
      env: { ...process.env, ARTIFACTS_DIR: artifactsDir },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...groupOptions(),
    });
    let output = '';
    const take = (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-2 * mostOutput));
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const abort = () => killTree(child);
    signal.addEventListener('abort', abort, { once: true });
    const end = (detail: Phrase | undefined) => {
      signal.removeEventListener('abort', abort);
      if (detail === undefined) done();
      else fail(failure(name, detail, output, cwd, root));
    };
    const whole = (shell ? [build] : build).join(' ');
    const shown = whole.length > longestCommand ? `${whole.slice(0, longestCommand)}…` : whole;
    child.once('error', (error) =>
      end(phrase('"{command}" cannot be started ({problem}).', { command, problem: error.message })),
    );
    child.once('close', (code, by) => {
      if (signal.aborted) end(phrase('"{shown}" was stopped.', { shown }));
      else if (code !== 0)
        end(
          phrase('"{shown}" ended with {end}.', {
            shown,
            end:
              code === null
                ? phrase('signal {signal}', { signal: String(by) })
                : phrase('exit code {code}', { code }),
          }),
        );
      else end(undefined);
    });
  });
}

function failure(name: string, detail: Phrase, output: string, cwd: string, root: string): PorchlightError {
  const text = output.trim();
  const place = firstPlace(text, cwd);
  const said = place
    ? `${relative(root, place.path)}:${place.line}:${place.column}: ${place.detail}`
    : detail;
  return new PorchlightError('PROGRAM_NOT_BUILT', {
    function: name,
    detail: say(said).endsWith('.') ? said : phrase('{text}.', { text: said }),
    output: text.length > mostOutput ? `…${text.slice(-mostOutput)}` : text,
    ...(place ? { path: place.path, file: relative(root, place.path), ...placeFacts(place) } : {}),
  });
}

const placeFacts = ({ line, column }: Place) => ({ line, column });

interface Place {
  path: string;
  line: number;
  column: number;
  detail: string;
}

/** `file:line:column: text`, as Go, C compilers and others write it, and `--> file:line:column` below Rust's text. */
const places = /^(?:\s*-->\s*)?([^\s:][^:\n]*):(\d+)(?::(\d+))?(?::\s*(.*))?$/gm;

function firstPlace(output: string, cwd: string): Place | undefined {
  for (const { 1: file = '', 2: line, 3: column = '1', 4: text, index } of output.matchAll(places)) {
    const path = resolve(cwd, file.trim());
    if (!existsSync(path)) continue;
    const before = output.slice(0, index).trimEnd().split('\n').at(-1) ?? '';
    const detail = (text ?? before).replace(/^error(\[\w+\])?:\s*/, '').trim() || 'the build fails here';
    return { path, line: Number(line), column: Math.max(1, Number(column)), detail };
  }
  return undefined;
}
