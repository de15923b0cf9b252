import { parseArgs } from 'node:util';
import { SetupError } from '../setup.mjs';
import { makePackage } from './makePackage.ts';

const { values } = parseArgs({
  options: { target: { type: 'string', default: 'this' }, out: { type: 'string' } },
});
try {
  await makePackage({ target: values.target, ...(values.out ? { out: values.out } : {}) });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
