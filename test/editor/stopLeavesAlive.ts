import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DebugDriver } from './debugDriver.ts';

/** Stop, while an instance is stopped at a breakpoint in its handler: it answers, and serves on without a debugger. */
export async function stopLeavesAlive(driver: DebugDriver, name: string, event: unknown): Promise<void> {
  const answer = driver.invoke(name, event, 'cold');
  const stop = await driver.stop();
  await vscode.debug.stopDebugging(stop.session);
  const record = await answer;
  assert.equal(record.status, 'ok');
  const again = await driver.invoke(name, event, 'warm');
  assert.equal(again.instance?.pid, record.instance?.pid);
  assert.equal(again.debugged, false);
  await driver.allEnded();
}
