import { nearest } from '../../nearest.ts';
import type { ProblemList } from '../problemList.ts';
import { entriesOf, getIn, type Tree } from '../tree.ts';

/* Every setting that component `fc` knows, for telling those it does not (its documentation, "Yaml-Spec"). */

/** Keys by the map they stand in. */
export const fc2Keys = {
  props: ['region', 'service', 'function', 'triggers', 'customDomains'],
  function: [
    'name',
    'description',
    'codeUri',
    'ossBucket',
    'ossKey',
    'handler',
    'memorySize',
    'runtime',
    'timeout',
    'caPort',
    'cpu',
    'diskSize',
    'customContainerConfig',
    'customHealthCheckConfig',
    'environmentVariables',
    'initializationTimeout',
    'initializer',
    'instanceConcurrency',
    'instanceType',
    'gpuMemorySize',
    'layers',
    'instanceLifecycleConfig',
    'asyncConfiguration',
    'customDNS',
    'customRuntimeConfig',
  ],
  trigger: ['name', 'type', 'role', 'sourceArn', 'qualifier', 'config', 'description'],
};

/** Tells keys that mean nothing to the component, each once. */
export function tellUnknownKeys(props: Tree | undefined, functionName: string, problems: ProblemList): void {
  const check = (tree: Tree | undefined, known: string[]) => {
    for (const [name, , key] of entriesOf(tree)) {
      if (known.includes(name)) continue;
      const facts = { key: name, nearest: nearest(name, known) };
      problems.add('warning', 'SETTING_UNKNOWN', facts, key, { function: functionName });
    }
  };
  check(props, fc2Keys.props);
  check(getIn(props, 'function'), fc2Keys.function);
  const triggers = getIn(props, 'triggers');
  for (const trigger of triggers?.kind === 'list' ? triggers.items : []) check(trigger, fc2Keys.trigger);
}
