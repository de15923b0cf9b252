import { getIn, textOf, type Tree } from '../tree.ts';

/** Which of the components for Function Compute a resource is of; undefined for others. */
export function componentVersion(resource: Tree): 'fc' | 'fc3' | undefined {
  const component = textOf(getIn(resource, 'component')) ?? '';
  const named = /^(?:devsapp\/)?(fc3?)(?:@|$)/.exec(component)?.[1] as 'fc' | 'fc3' | undefined;
  return named ?? (isPath(component) ? byProps(getIn(resource, 'props')) : undefined);
}

/** A component that lies in a folder, as its authors and forks use it: its name stands nowhere in the file. */
function isPath(component: string): boolean {
  return /^(?:\.{1,2}\/|\/|\$\{path\()/.test(component.trim());
}

/** Function Compute 2.0 knows services, 3.0 does not. */
function byProps(props: Tree | undefined): 'fc' | 'fc3' | undefined {
  if (getIn(props, 'service') && getIn(props, 'function')) return 'fc';
  return getIn(props, 'functionName') && getIn(props, 'runtime') ? 'fc3' : undefined;
}
