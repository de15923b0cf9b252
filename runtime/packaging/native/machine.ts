/** What native code runs on. */
export interface Machine {
  os: 'linux' | 'macOS' | 'Windows';
  /** As clouds write it where they offer it; others by their usual names. */
  architecture: string;
  /** Only of Linux: which C library it was linked with, where that shows. */
  libc?: 'glibc' | 'musl';
}

/** Bytes from the start of a file that show what it is. */
export const headerBytes = 4096;

const elfMachines: Record<number, string> = {
  0x03: 'x86',
  0x28: 'arm',
  0x3e: 'x86_64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};
const machMachines: Record<number, string> = { 0x01000007: 'x86_64', 0x0100000c: 'arm64' };
const peMachines: Record<number, string> = { 0x014c: 'x86', 0x8664: 'x86_64', 0xaa64: 'arm64' };

/**
 * What a file's code runs on, by its header (ELF, Mach-O, PE); a file for several machines has several. Empty for
 * everything that is no native code.
 */
export function machinesOf(start: Uint8Array): Machine[] {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < 20) return [];
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) return [elf(bytes)];
  if (magic === 0xcffaedfe) return [mac(bytes.readUInt32LE(4))];
  if (magic === 0xcafebabe) return universal(bytes);
  return bytes.toString('latin1', 0, 2) === 'MZ' ? windows(bytes) : [];
}

function elf(bytes: Buffer): Machine {
  const little = bytes[5] !== 2;
  const machine = little ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18);
  // Programs name their loader; it stands near the start.
  const libc = bytes.includes('/ld-musl-') ? 'musl' : bytes.includes('/ld-linux') ? 'glibc' : undefined;
  return { os: 'linux', architecture: elfMachines[machine] ?? `ELF ${machine}`, ...(libc && { libc }) };
}

function mac(machine: number): Machine {
  return { os: 'macOS', architecture: machMachines[machine] ?? `Mach-O ${machine}` };
}

/** Classes of Java begin with the same four bytes; what follows is their version, which is larger than any list. */
function universal(bytes: Buffer): Machine[] {
  const count = bytes.readUInt32BE(4);
  if (count > 20) return [];
  const fitting = Math.min(count, Math.floor((bytes.length - 8) / 20));
  return Array.from({ length: fitting }, (_, at) => mac(bytes.readUInt32BE(8 + at * 20)));
}

function windows(bytes: Buffer): Machine[] {
  if (bytes.length < 0x40) return [];
  const at = bytes.readUInt32LE(0x3c);
  if (at + 6 > bytes.length || bytes.toString('latin1', at, at + 4) !== 'PE\0\0') return [];
  const machine = bytes.readUInt16LE(at + 4);
  return [{ os: 'Windows', architecture: peMachines[machine] ?? `PE ${machine}` }];
}

export function machineText({ os, architecture, libc }: Machine): string {
  return `${os} ${architecture}${libc === 'musl' ? ' (musl)' : ''}`;
}

/** Whether code for one machine runs on another: an unknown C library is taken for a fitting one. */
export function fits(code: Machine, machine: Machine): boolean {
  return (
    code.os === machine.os &&
    code.architecture === machine.architecture &&
    (code.libc === undefined || machine.libc === undefined || code.libc === machine.libc)
  );
}

/** This machine. */
export function thisMachine(): Machine {
  const os = { darwin: 'macOS', win32: 'Windows' } as const;
  const architectures: Record<string, string> = { x64: 'x86_64', ia32: 'x86' };
  return {
    os: os[process.platform as keyof typeof os] ?? 'linux',
    architecture: architectures[process.arch] ?? process.arch,
  };
}
