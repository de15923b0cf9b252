import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultRuns, profileLimits } from '../model/coldStartProfile.ts';
import { defaultLoad, loadLimits } from '../model/load.ts';
import type { DeployOptions } from './deploy.ts';
import { serviceSystems, usualServiceSystem, type ServiceSystem } from '../deploy/local/serviceFile.ts';
import { describeFailure, exitCodes, type ExitCode } from './exitCode.ts';
import type { FireOptions } from './fire.ts';
import type { InvokeOptions } from './invoke.ts';
import { isForPrograms } from './language.ts';
import type { LoadOptions } from './load.ts';
import type { LogsOptions } from './logs.ts';
import { parseMoment } from './moment.ts';
import { addQueueCommands } from './queueCommands.ts';
import type { ReplayOptions } from './replay.ts';
import type { SampleOptions } from './sample.ts';
import type { StartOptions } from './start.ts';
import type { TestOptions } from './test.ts';
import { processTerminal, write, type Terminal } from './terminal.ts';
import { productVersion } from './version.ts';

/** Parses the command line and carries it out. Resolves to the exit code; what went wrong is on stderr. */
export async function runCommandLine(
  argv: string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  for (const stream of [terminal.stdout, terminal.stderr]) {
    // The reader went away: the rest of the output is for nobody.
    stream.on('error', () => {});
  }
  const code = await carryOut(argv, terminal);
  // The process may end right away: some systems write to pipes in the background.
  await Promise.all([write(terminal.stdout, ''), write(terminal.stderr, '')]);
  return code;
}

async function carryOut(argv: string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = createProgram(terminal, (result) => (code = result));
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // Commander has written its own explanation, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.userMistake;
    const failure = describeFailure(error, isForPrograms(argv));
    terminal.stderr.write(`${failure.text}\n`);
    return failure.code;
  }
}

/** The commands and their options. What a command needs is loaded when it runs. */
function createProgram(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('porchlight')
    .description('Runs functions (FaaS) on this machine as their cloud does.')
    .version(productVersion(), '-V, --version')
    .showHelpAfterError('(porchlight --help lists the commands)')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  // Sub-commands copy this setting when they are made.
  program.exitOverride();
  const json = ['--json', 'output for programs'] as const;

  program
    .command('start')
    .description('start the runtime host of a folder: gateway, instances, debugging')
    .argument('[dir]', 'project folder', '.')
    .option('--port <number>', 'port of the gateway, 0 for any free one', toPort, 0)
    .option('--inspect', 'keep every instance open for a debugger, and print its address')
    .option('--json', 'first line: how to reach the host, as JSON')
    .option('--no-recording', 'answer only: keep neither logs nor records')
    .addOption(new Option('--parent', 'end with the end of the standard input').hideHelp())
    .action(async (dir: string, options: Omit<StartOptions, 'dir'>) =>
      done(await (await import('./start.ts')).start(terminal, { dir, ...options })),
    );

  program
    .command('mcp')
    .description('serve the functions of a folder to agents (Model Context Protocol over stdin and stdout)')
    .argument('[dir]', 'project folder', '.')
    .option('--yes', 'run code without asking, for clients that ask themselves')
    .action(async (dir: string, options: { yes?: true }) =>
      done(await (await import('./mcp.ts')).mcp(terminal, { dir, ...options })),
    );

  program
    .command('list')
    .description('functions of a folder, with their instances and start times')
    .argument('[dir]', 'project folder', '.')
    .option(...json)
    .action(async (dir: string, options: { json?: true }) =>
      done(await (await import('./list.ts')).list(terminal, { dir, ...options })),
    );

  program
    .command('invoke')
    .description('invoke a function; its result goes to stdout, its log to stderr')
    .argument('<name>', 'function')
    .option('-e, --event <event>', 'a file, the event itself, or - for stdin')
    .addOption(new Option('--cold', 'on a new process').conflicts(['prewarmed', 'warm']))
    .addOption(new Option('--prewarmed', 'on a booted process without your code').conflicts(['cold', 'warm']))
    .addOption(new Option('--warm', 'on an instance that served before').conflicts(['cold', 'prewarmed']))
    .addOption(
      new Option('--target <name>', 'call what is deployed there').conflicts(['cold', 'prewarmed', 'warm']),
    )
    .option('--json', 'the whole record of the invocation as one object')
    .action(async (name: string, { target, ...options }: Omit<InvokeOptions, 'name'> & { target?: string }) =>
      done(
        target === undefined
          ? await (await import('./invoke.ts')).invoke(terminal, { name, ...options })
          : await (
              await import('./invokeDeployed.ts')
            ).invokeDeployed(terminal, { name, target, ...options }),
      ),
    );

  program
    .command('triggers')
    .description('triggers of functions: what they are, whether they run, when they come next')
    .argument('[name]', 'function')
    .option(...json)
    .action(async (name: string | undefined, options: { json?: true }) =>
      done(await (await import('./triggers.ts')).triggers(terminal, { name, ...options })),
    );

  program
    .command('fire')
    .description('fire a trigger of a function now; output as of invoke')
    .argument('<name>', 'function')
    .argument('[trigger]', 'which one; not needed when there is just one')
    .option('-e, --event <event>', 'another event: a file, the event itself, or - for stdin')
    .option('--at <time>', 'for timers: the time it is to fire for, e.g. 2026-11-26T10:00:00Z')
    .option('--key <key>', 'for storage: the object it is to tell of')
    .option('--json', 'the whole record of the invocation as one object')
    .action(
      async (name: string, trigger: string | undefined, options: Omit<FireOptions, 'name' | 'trigger'>) =>
        done(await (await import('./fire.ts')).fire(terminal, { name, trigger, ...options })),
    );

  addQueueCommands(program, terminal, done);

  program
    .command('sample')
    .description('print a sample event, as a trigger of a platform sends it; use it with invoke -e -')
    .argument('[kind]', 'which one, e.g. s3-put')
    .option('--platform <id>', 'only of this platform, e.g. aws-lambda')
    .option(
      '--set <name=value>',
      'fill in a field; may be repeated',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option('--list', 'list the samples there are')
    .option('--json', 'the list for programs')
    .action(async (kind: string | undefined, options: Omit<SampleOptions, 'kind'>) =>
      done(await (await import('./sample.ts')).sample(terminal, { kind, ...options })),
    );

  const which = 'an id, as the logs show it, last or last-failure';
  program
    .command('replay')
    .description('send the event of a recorded invocation again; output as of invoke')
    .argument('[id]', which, 'last')
    .option('-e, --event <event>', 'another event: a file, the event itself, or - for stdin')
    .addOption(new Option('--cold', 'on a new process').conflicts(['prewarmed', 'warm']))
    .addOption(new Option('--prewarmed', 'on a booted process without your code').conflicts(['cold', 'warm']))
    .addOption(new Option('--warm', 'on an instance that served before').conflicts(['cold', 'prewarmed']))
    .option('--json', 'the whole record of the invocation as one object')
    .action(async (id: string, options: Omit<ReplayOptions, 'id'>) =>
      done(await (await import('./replay.ts')).replay(terminal, { id, ...options })),
    );

  program
    .command('diff')
    .description('what differs between two invocations: event, result, log, phases')
    .argument('<id>', which)
    .argument('[id]', 'the other; what the first replays, or the one before it, when not given')
    .action(async (id: string, other: string | undefined) =>
      done(await (await import('./diff.ts')).diff(terminal, { id, other })),
    );

  program
    .command('logs')
    .description('logs of recent invocations, oldest first')
    .argument('[name]', 'function')
    .option('-f, --follow', 'go on with new lines as they come')
    .addOption(
      new Option('--target <name>', 'of what is deployed there').conflicts(['status', 'startKind', 'until']),
    )
    .option('--grep <text>', 'only lines that contain this text')
    .addOption(
      new Option('--status <status>', 'only of invocations that ended so')
        .choices(['ok', 'error', 'timeout', 'oom', 'throttled', 'crashed', 'interrupted', 'running'])
        .conflicts('follow'),
    )
    .addOption(
      new Option('--start-kind <kind>', 'only of invocations that started so')
        .choices(['cold', 'prewarmed', 'warm'])
        .conflicts('follow'),
    )
    .option(
      '--since <time>',
      'only since then: 90s, 15m, 2h or 7d ago, or a date with or without a time',
      toTime,
    )
    .addOption(new Option('--until <time>', 'only until then').argParser(toTime).conflicts('follow'))
    .option('--json', 'one object per line; with --target per invocation')
    .action(
      async (
        name: string | undefined,
        { target, ...options }: Omit<LogsOptions, 'name'> & { target?: string },
      ) =>
        done(
          target === undefined
            ? await (await import('./logs.ts')).logs(terminal, { name, ...options })
            : await (await import('./remoteLogs.ts')).remoteLogs(terminal, { name, target, ...options }),
        ),
    );

  program
    .command('profile')
    .description('what cold starts cost, by phase and by imported module')
    .argument('<name>', 'function')
    .option('-n, --runs <number>', 'cold starts to measure', toRuns, defaultRuns)
    .option('-e, --event <event>', 'a file, the event itself, or - for stdin')
    .option('--compare [artifact]', 'beside an earlier profile: of an artifact, or of the last other one')
    .option(...json)
    .action(
      async (name: string, options: { runs: number; event?: string; compare?: string | true; json?: true }) =>
        done(await (await import('./profile.ts')).profile(terminal, { name, ...options })),
    );

  program
    .command('load')
    .description('send calls to a function at a rate, and see what comes of them')
    .argument('<name>', 'function')
    .option('-n, --invocations <number>', 'calls to make', toCalls, defaultLoad.invocations)
    .option('--rate <number>', 'calls per second; as fast as possible when not given', toRate)
    .option('--concurrency <number>', 'calls under way at a time', toConcurrency, defaultLoad.concurrency)
    .option('-e, --event <event>', 'a file, the event itself, or - for stdin')
    .addOption(new Option('--cold', 'each on a new process').conflicts(['prewarmed', 'warm']))
    .addOption(
      new Option('--prewarmed', 'each on a booted process without your code').conflicts(['cold', 'warm']),
    )
    .addOption(
      new Option('--warm', 'each on an instance that served before').conflicts(['cold', 'prewarmed']),
    )
    .option(...json)
    .action(async (name: string, options: Omit<LoadOptions, 'name'>) =>
      done(await (await import('./load.ts')).load(terminal, { name, ...options })),
    );

  program
    .command('test')
    .description('send saved events to their functions and compare what comes of them')
    .argument('[dir]', 'project folder', '.')
    .option('--function <name...>', 'only of these functions')
    .option('--filter <text>', 'only tests whose function or name contains this text')
    .addOption(
      new Option('--reporter <format>', 'how outcomes are written').choices(['text', 'json']).default('text'),
    )
    .option('--junit <file>', 'write a report in the JUnit format as well')
    .option('--watch', 'go on: run again what a change of code or events concerns')
    .option('--bail', 'end with the first test that does not pass')
    .action(async (dir: string, options: Omit<TestOptions, 'dir'>) =>
      done(await (await import('./test.ts')).test(terminal, { dir, ...options })),
    );

  program
    .command('deploy')
    .description('deploy functions: plan, check, build, verify, switch')
    .argument('[name...]', 'functions; all when none is given')
    .option('--target <name>', 'where to', 'local')
    .option('--plan', 'only show what would change')
    .option('--canary <percent>', 'send new versions only this share of the calls', toPercent)
    .option('--yes', 'do not ask')
    .option(...json)
    .action(async (names: string[], options: Omit<DeployOptions, 'names'>) =>
      done(await (await import('./deploy.ts')).deploy(terminal, { names, ...options })),
    );

  program
    .command('rollback')
    .description('serve an earlier version of a function again')
    .argument('<name>', 'function')
    .option('--target <name>', 'where', 'local')
    .option('--to <version>', 'which version; the one before the current when not given')
    .option('--yes', 'do not ask')
    .option(...json)
    .action(async (name: string, options: { target: string; to?: string; yes?: true; json?: true }) =>
      done(await (await import('./rollback.ts')).rollback(terminal, { name, ...options })),
    );

  program
    .command('remove')
    .description('take a function away from a target, with its versions and what calls it')
    .argument('<name>', 'function')
    .option('--target <name>', 'where', 'local')
    .option('--yes', 'do not ask')
    .option(...json)
    .action(async (name: string, options: { target: string; yes?: true; json?: true }) =>
      done(await (await import('./remove.ts')).remove(terminal, { name, ...options })),
    );

  const serve = program
    .command('serve')
    .description("the local target's serving process")
    .addOption(
      new Option('--print-service [system]', 'print what starts it at login; nothing is installed')
        .choices([...serviceSystems])
        .preset(usualServiceSystem(process.platform)),
    )
    .action(async ({ printService }: { printService?: ServiceSystem }) => {
      if (printService === undefined) return serve.help({ error: true });
      done(await (await import('./serve.ts')).printService(terminal, printService));
    });
  for (const [action, description] of [
    ['start', 'serve what is deployed, in the background'],
    ['stop', 'stop serving'],
    ['status', 'whether it runs, and what it serves'],
  ] as const) {
    serve
      .command(action)
      .description(description)
      .option(...json)
      .action(async (options: { json?: true }) =>
        done(await (await import('./serve.ts')).serve(terminal, { action, ...options })),
      );
  }
  serve
    .command('run <dir>', { hidden: true })
    .option('--alone', 'nobody waits for it to be ready')
    .action(async (dir: string, options: { alone?: true }) =>
      done(await (await import('./serve.ts')).runServing(terminal, dir, options)),
    );
  return program;
}

function toTime(text: string): number {
  const time = parseMoment(text, Date.now());
  if (time === undefined)
    throw new InvalidArgumentError(
      'It is a time like 15m (minutes ago), 2h, 7d, 2026-11-23 or 2026-11-23T12:04.',
    );
  return time;
}

const toRuns = (text: string): number => toCount(text, profileLimits.runs);

function toCount(text: string, most: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > most)
    throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
  return count;
}

const toCalls = (text: string): number => toCount(text, loadLimits.invocations);
const toConcurrency = (text: string): number => toCount(text, loadLimits.concurrency);

function toRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= loadLimits.rate))
    throw new InvalidArgumentError(`It is a number above 0, up to ${loadLimits.rate}.`);
  return rate;
}

function toPercent(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (!(percent >= 1 && percent <= 100)) throw new InvalidArgumentError('It is a number from 1 to 100.');
  return percent;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return port;
}
