export { serverlessDevsYaml } from './serverlessDevsYaml.ts';
