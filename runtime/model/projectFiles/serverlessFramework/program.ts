import type { ProgramSettings } from '../../program.ts';
import type { Service } from './service.ts';

/**
 * What a function of a `provided` or `go1.x` runtime starts. With the plugin `serverless-go-plugin` the handler names the
 * sources, and it is built here as there; otherwise it lies where the framework would pack it from.
 */
export function readProgram(service: Service, runtime: string, handler: string): ProgramSettings {
  const isGo = /^\.?\/?[\w./-]+$/.test(handler);
  if (service.plugins.includes('serverless-go-plugin') && isGo) {
    // Lambda's own protocol is built in, the old one left out, as `provided` runtimes want it.
    const tags = runtime === 'go1.x' ? [] : ['-tags', 'lambda.norpc'];
    const source = handler.endsWith('.go') || handler.startsWith('./') ? handler : `./${handler}`;
    const program = '$ARTIFACTS_DIR/bootstrap';
    return { command: [program], build: ['go', 'build', ...tags, '-o', program, source] };
  }
  // `provided` runtimes start `bootstrap`, whatever the handler is; for `go1.x` it is the program's path.
  const path = runtime === 'go1.x' && handler !== '' ? handler : 'bootstrap';
  return { command: [`./${path.replace(/^\.\//, '')}`] };
}
