import { appendFile } from 'node:fs/promises';
import { versionOfPython } from '../../runtime/support/pythonSystem.ts';
import type { DebugDriver } from './debugDriver.ts';
import { until } from './porchlight.ts';

/** Lets the only function of a Python project run on a program that has debugpy, and waits until it does. */
export async function runOnDebugpy(driver: DebugDriver, program: string): Promise<void> {
  await appendFile(driver.file('porchlight.yaml').fsPath, `    interpreter: ${program}\n`);
  const label = `Python ${await versionOfPython(program)}`;
  const { mirror } = driver.host;
  await until(mirror.onDidChange, () => mirror.functions[0]?.interpreter === label);
}
