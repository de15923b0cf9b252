import type { FunctionDefinition } from '../../model/functionDefinition.ts';

/** A function's name within its service: where services share one it is `service$function` here, as in 3.0. */
export function cloudName({ name, service }: Pick<FunctionDefinition, 'name' | 'service'>): string {
  return service !== undefined && name.startsWith(`${service}$`) ? name.slice(service.length + 1) : name;
}

/** The function's resource name. */
export function arnOf({
  name,
  service,
  region,
  accountId,
}: Pick<FunctionDefinition, 'name' | 'service' | 'region' | 'accountId'>): string {
  const path =
    service === undefined
      ? `functions/${name}/LATEST`
      : `services/${service}.LATEST/functions/${cloudName({ name, service })}`;
  return `acs:fc:${region}:${accountId}:${path}`;
}
