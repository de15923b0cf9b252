/** `FunctionDeployment`: names and types of its fields (openfaas/faas-provider, `types`). */
const fields: Record<string, (value: unknown) => boolean> = {
  service: isText,
  image: isText,
  namespace: isText,
  envProcess: isText,
  envVars: isTexts,
  constraints: isList,
  secrets: isList,
  labels: isTexts,
  annotations: isTexts,
  limits: isAmounts,
  requests: isAmounts,
  readOnlyRootFilesystem: (value) => typeof value === 'boolean',
};

/** What is wrong with a body that a client sends; undefined when nothing is. */
export function deploymentFault(body: Record<string, unknown>): string | undefined {
  for (const name of ['service', 'image']) if (!isText(body[name])) return `${name} is missing`;
  if (!/@sha256:[0-9a-f]{64}$/.test(String(body['image'])))
    return `${String(body['image'])} is not by digest`;
  for (const [name, value] of Object.entries(body)) {
    if (!fields[name]) return `unknown field ${name}`;
    if (!fields[name](value)) return `${name} is ${JSON.stringify(value)}`;
  }
  for (const [label, value] of Object.entries(body['labels'] ?? {})) {
    if (!isKey(label) || !/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(String(value)))
      return `label ${label}: ${String(value)}`;
  }
  const wrong = Object.keys(body['annotations'] ?? {}).find((name) => !isKey(name));
  if (wrong !== undefined) return `annotation ${wrong}`;
  const size = JSON.stringify(body['annotations'] ?? {}).length;
  return size > 256 * 1024 ? `annotations have ${size} bytes` : undefined;
}

/** Names of labels and annotations (Kubernetes, "Syntax and character set"). */
function isKey(name: string): boolean {
  return /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isAmounts(value: unknown): boolean {
  return (
    isTexts(value) &&
    Object.keys(value as object).every((name) => /^(memory|cpu|nvidia\.com\/gpu)$/.test(name))
  );
}
