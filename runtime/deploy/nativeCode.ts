import type { PreflightFinding } from '../model/deploy.ts';
import { told } from '../model/errors.ts';
import { machineText, thisMachine } from '../packaging/native/machine.ts';
import { neededGlibc, unfitParts, type NativePart } from '../packaging/native/nativeCode.ts';
import type { DeployItem, TargetMachine } from './target.ts';
import { phrase, type Phrase } from '../support/l10n.ts';

/** Native code of a package that does not run where it is sent. A program alone is of no use then. */
export async function checkNativeCode(
  { definition, archive }: DeployItem,
  machine: TargetMachine,
): Promise<PreflightFinding[]> {
  const place = { file: definition.declaredAt.file, line: definition.declaredAt.line };
  const wanted = machineText(machine);
  const findings = (await unfitParts(archive, machine)).map((part): PreflightFinding => {
    const facts = {
      function: definition.name,
      name: part.name,
      found: foundText(part),
      machine: wanted,
      remedy: remedyOf(part, machine),
    };
    const code = 'NATIVE_CODE_FOREIGN';
    const severity = part.kind === 'program' ? 'error' : 'warning';
    return { severity, ...told(code, facts), ...place };
  });
  const needed = machine.glibc === undefined ? undefined : await neededGlibc(archive);
  if (needed !== undefined && needed > machine.glibc!) {
    const facts = { function: definition.name, needed: `2.${needed}`, there: `2.${machine.glibc}` };
    const code = 'GLIBC_NEWER';
    findings.push({ severity: 'error', ...told(code, facts), ...place });
  }
  return findings;
}

/** Why a package cannot be tried out on this machine; undefined when it can, as far as its native code says. */
export async function untriable({ archive }: Pick<DeployItem, 'archive'>): Promise<Phrase | undefined> {
  const [part] = await unfitParts(archive, thisMachine());
  return (
    part &&
    phrase('{name} is built for {machine}, which this machine is not', {
      name: part.name,
      machine: foundText(part),
    })
  );
}

function foundText({ files }: NativePart): string {
  return [...new Set(files.flatMap(({ machines }) => machines.map(machineText)))].join(', ');
}

function remedyOf({ kind, name }: NativePart, { architecture }: TargetMachine): Phrase {
  const cpu = architecture === 'x86_64' ? 'x64' : architecture;
  switch (kind) {
    case 'program': {
      const go = architecture === 'x86_64' ? 'amd64' : architecture;
      return phrase('Build it for there, e.g. GOOS=linux GOARCH={go} CGO_ENABLED=0 go build.', { go });
    }
    case 'npm':
      return phrase('Install it for there: npm install --os=linux --cpu={cpu} --libc=glibc {name}', {
        cpu,
        name,
      });
    case 'python': {
      const machine = architecture === 'arm64' ? 'aarch64' : architecture;
      return phrase(
        'Install it for there: pip install --platform manylinux2014_{machine} --only-binary=:all: --upgrade -t . {name}',
        { machine, name },
      );
    }
    case 'own':
      return phrase('Replace it by one for there, or leave it out.');
  }
}
