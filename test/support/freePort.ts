/** Of those for programs that cannot be told to take any. */
export { freePort } from '../../runtime/languages/custom/freePort.ts';
