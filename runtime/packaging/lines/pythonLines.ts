import { execFile } from 'node:child_process';

const patienceMs = 10_000;

/** Compiles what comes in, without running it, and tells every line that some code object has an instruction for. */
const script = `
import dis, json, sys, types, warnings
warnings.simplefilter("ignore")
lines = set()
waiting = [compile(sys.stdin.buffer.read(), "<module>", "exec", dont_inherit=True)]
while waiting:
    code = waiting.pop()
    lines.update(line for _, line in dis.findlinestarts(code) if line)
    waiting.extend(one for one in code.co_consts if isinstance(one, types.CodeType))
json.dump(sorted(lines), sys.stdout)
`;

/**
 * The lines of a module, from 1, on which something runs, as the interpreter that runs it sees them. Undefined when it
 * cannot be compiled, or nobody can be asked.
 */
export function pythonLines(text: string, program: string | undefined): Promise<Set<number> | undefined> {
  if (program === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const args = ['-I', '-S', '-X', 'utf8', '-c', script];
    const options = { timeout: patienceMs, windowsHide: true, maxBuffer: 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout) =>
      resolve(error ? undefined : new Set(JSON.parse(stdout) as number[])),
    );
    // One that ends at once does not read; its end says so.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
  });
}
