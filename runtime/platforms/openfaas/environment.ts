import type { FunctionDefinition } from '../../model/functionDefinition.ts';

/**
 * Variables that the templates' images set (openfaas/templates, python-flask-template: their Dockerfiles), and those
 * Kubernetes gives every container. What a project file states goes over them.
 */
export function environment({ name, timeoutMs }: FunctionDefinition): Record<string, string> {
  return {
    HOSTNAME: name,
    exec_timeout: `${timeoutMs / 1000}s`,
    cgi_headers: 'true',
    mode: 'http',
  };
}
