import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where and when a run took place. */
export interface Machine {
  date: string;
  processor: string;
  cores: number;
  memoryGB: number;
  system: string;
  node: string;
  /** Load averages over one minute, before and after. */
  load: { before: number; after?: number };
}

export function describeMachine(nodeVersion: string, date = new Date()): Machine {
  const all = cpus();
  return {
    date: date.toISOString().slice(0, 10),
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: nodeVersion,
    load: { before: loadavg()[0]! },
  };
}

/** The machine in a sentence. */
export function machineText(machine: Machine): string {
  const { date, processor, cores, memoryGB, system, node, load } = machine;
  const after = load.after === undefined ? '' : `, ${load.after.toFixed(1)} after`;
  return `${date}, ${processor}, ${cores} cores, ${memoryGB} GB, ${system}, Node.js ${node} for hosts and functions, load ${load.before.toFixed(1)} before${after}.`;
}
