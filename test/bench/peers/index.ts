import type { Subject } from '../hosts/subject.ts';
import { architect } from './architect.ts';
import { faasJs } from './faasJs.ts';
import { firebase } from './firebase.ts';
import { functionsFramework, functionsFrameworkWatched } from './functionsFramework.ts';
import { h3 } from './h3.ts';
import { lambdaLocal } from './lambdaLocal.ts';
import { lambdaRic } from './lambdaRic.ts';
import { netlify } from './netlify.ts';
import { nitro } from './nitro.ts';
import { serverlessInProcess, serverlessOffline, serverlessReload } from './serverlessOffline.ts';
import { miniflare, wrangler } from './workers.ts';

/** Every peer by the name `--peers` knows it under; a peer may run in several ways. */
export const peers: Record<string, Subject[]> = {
  'functions-framework': [functionsFramework, functionsFrameworkWatched],
  'serverless-offline': [serverlessOffline, serverlessInProcess, serverlessReload],
  architect: [architect],
  miniflare: [miniflare],
  wrangler: [wrangler],
  'lambda-local': [lambdaLocal],
  'lambda-ric': [lambdaRic],
  netlify: [netlify],
  firebase: [firebase],
  'faas-js': [faasJs],
  nitro: [nitro],
  h3: [h3],
};

/** Peers that cannot be had from the npm registry alone, or not without an account or Docker. */
export const unreachable: { title: string; reason: string }[] = [
  {
    title: 'azure-functions-core-tools 4',
    reason: 'its install script downloads from cdn.functions.azure.com',
  },
  { title: 'sst 4', reason: 'it downloads Pulumi and needs an AWS account' },
  { title: '@serverless-devs/s 3', reason: 'its `local` command needs Docker' },
  { title: 'AWS SAM local', reason: 'it needs Docker' },
  { title: 'vercel dev', reason: 'it needs a login' },
];
