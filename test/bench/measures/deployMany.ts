import { openAliyunFc } from '../../../runtime/deploy/aliyun-fc/index.ts';
import { FcProject, secrets } from '../../support/fc/fcProject.ts';
import { startFcServer } from '../../support/fc/fcServer.ts';
import { startFaultyProxy } from '../../support/faultyProxy.ts';
import { ManyFunctions } from '../../support/manyFunctions.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

const count = 50;

/**
 * A deploy of a project of fifty functions to a stand-in for a cloud's API on loopback: when nothing changed, and when one
 * function did. Without a network, what is left is our own work and the number of requests.
 */
export function deployMany({ results }: Context): Measure {
  return {
    title: 'deploy of 50 functions',
    prepare: () => Promise.resolve(),
    async round(round) {
      const key = { id: 'LTAIexample', secret: secrets.key, securityToken: secrets.token };
      const server = await startFcServer(key);
      const proxy = await startFaultyProxy(server.url);
      try {
        const project = projectAt(proxy.url);
        await project.deploy();
        const run = async (measure: string): Promise<void> => {
          proxy.seen.length = 0;
          const started = performance.now();
          await project.deploy();
          results.add({ subject: 'porchlight', measure }, round, performance.now() - started);
          const requests = { subject: 'porchlight', measure: `${measure}.requests` };
          results.add(requests, round, proxy.seen.length / count);
        };
        await run('deploy.unchanged');
        project.code.set('many-07', 'exports.handler = async () => "changed";');
        await run('deploy.one');
      } finally {
        await proxy.close();
        await server.close();
      }
    },
  };
}

function projectAt(endpoint: string): ManyFunctions {
  const { places } = new FcProject(endpoint, 'x');
  const common = { platform: 'aliyun-fc', runtime: 'nodejs20', region: 'cn-hangzhou', memoryMB: 256 };
  return new ManyFunctions(count, common, (context) =>
    openAliyunFc('prod', { endpoint }, context, { places, pollMs: 1 }),
  );
}
