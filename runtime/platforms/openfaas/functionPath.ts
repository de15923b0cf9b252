import type { GatewayResponse } from '../../model/platform.ts';

const pattern = /^\/function\/([^/]+)/;

/** `/function/name.namespace` names the same function as `/function/name`: there is one namespace here. */
export function usualPath(path: string): string | undefined {
  const name = pattern.exec(path)?.[1];
  const bare = name?.replace(/\.[^.]*$/, '');
  return !bare || bare === name ? undefined : path.replace(name!, () => bare);
}

/** What the gateway answers when there is no function of a name (openfaas/faas, `MakeScalingHandler`). */
export function unknownPath(path: string): GatewayResponse | undefined {
  const name = pattern.exec(path)?.[1];
  if (name === undefined) return undefined;
  const text = `error finding function ${name}: server returned non-200 status code (404) for function, ${name}`;
  return { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(text) };
}
