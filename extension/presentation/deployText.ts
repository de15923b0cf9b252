import type {
  DeployPlan,
  DeployResult,
  DeployedVersion,
  FunctionPlan,
  ServeStatus,
} from '../../runtime/model/deploy.ts';
import { l10n } from '../editor/l10n.ts';
import { formatBytes, formatDateTime } from './numbers.ts';

/** What a row says about a deployed version. */
export function versionDescription(version: DeployedVersion): string {
  return [
    ...(version.current ? [l10n.t('current')] : []),
    version.verified ? l10n.t('verified') : l10n.t('not verified'),
    formatDateTime(version.createdAt),
    version.packageHash.slice(0, 8),
  ].join(' · ');
}

/** The serving process in a few words. */
export function serveText(serve: ServeStatus | undefined): string {
  if (!serve) return l10n.t('state unknown');
  if (!serve.running) return l10n.t('not serving');
  return l10n.t('serving at {0} (pid {1})', serve.gateway ?? '?', serve.pid ?? '?');
}

function changeWord(change: FunctionPlan['change']): string {
  if (change === 'create') return l10n.t('create');
  return change === 'change' ? l10n.t('change') : l10n.t('no change');
}

/** The plan in one line per function, for the question whether to go on. */
export function planSummary(plan: DeployPlan): string {
  return plan.functions
    .map((item) => {
      const size = `${formatBytes(item.package.bytes)}${item.package.unchanged ? l10n.t(', package unchanged') : ''}`;
      const fields = item.fields.filter((field) => field.change !== 'same').length;
      const changed =
        fields > 0 ? `, ${fields === 1 ? l10n.t('1 setting') : l10n.t('{0} settings', fields)}` : '';
      const warnings = item.findings.filter((finding) => finding.severity === 'warning').length;
      const warned =
        warnings > 0 ? `, ${warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)}` : '';
      return `${item.function}: ${changeWord(item.change)} (${size}${changed}${warned})`;
    })
    .join('\n');
}

/** Errors that stop a deploy, one line each. */
export function planErrors(plan: DeployPlan): string[] {
  return plan.functions.flatMap((item) =>
    item.findings
      .filter((finding) => finding.severity === 'error')
      .map((finding) => `${item.function}: ${finding.message}`),
  );
}

const signs = { create: '+', change: '~', remove: '-', same: ' ' } as const;

function functionPlanText(item: FunctionPlan): string {
  const { package: pack } = item;
  const lines = [`## ${item.function}: ${changeWord(item.change)}`, ''];
  for (const finding of item.findings) {
    const place = finding.file ? ` (${finding.file}${finding.line ? `:${finding.line}` : ''})` : '';
    lines.push(
      `- **${finding.severity === 'error' ? l10n.t('Error') : l10n.t('Warning')}**: ${finding.message}${place}`,
    );
  }
  if (item.findings.length > 0) lines.push('');
  const fields = item.fields.filter((field) => field.change !== 'same');
  if (fields.length > 0) {
    lines.push('```diff');
    for (const field of fields) {
      if (field.before === undefined && field.after === undefined) {
        lines.push(
          `${signs[field.change] === '~' ? '!' : signs[field.change]} ${field.path}: ${l10n.t('(value hidden)')}`,
        );
        continue;
      }
      if (field.before !== undefined) lines.push(`- ${field.path}: ${field.before}`);
      if (field.after !== undefined) lines.push(`+ ${field.path}: ${field.after}`);
    }
    lines.push('```', '');
  }
  const same = item.fields.length - fields.length;
  if (same > 0)
    lines.push(
      same === 1 ? l10n.t('1 setting stays as it is.') : l10n.t('{0} settings stay as they are.', same),
      '',
    );
  lines.push(
    l10n.t(
      'Package: {0} in {1} files, SHA-256 `{2}`{3}',
      formatBytes(pack.bytes),
      pack.files,
      pack.hash.slice(0, 16),
      pack.unchanged ? l10n.t(' (unchanged, not sent again)') : '',
    ),
    '',
    ...pack.largest.map((part) => `- \`${part.path}\` ${formatBytes(part.bytes)}`),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The whole plan as Markdown, to be read before confirming. */
export function planDocument(plan: DeployPlan): string {
  const title = `# ${l10n.t('Deploy plan for {0} ({1})', plan.target, plan.targetType)}`;
  const note = l10n.t('Nothing has been sent yet. Values of the environment are not shown.');
  return [title, '', note, '', ...plan.functions.map(functionPlanText)].join('\n');
}

/** How a deploy or a roll-back ended, as one sentence. */
export function resultSentence(result: DeployResult): string {
  const of = (status: string) => result.functions.filter((item) => item.status === status);
  const named = (status: string) =>
    of(status)
      .map((item) => (item.version ? `${item.function} (${item.version})` : item.function))
      .join(', ');
  const parts: string[] = [];
  if (of('deployed').length > 0)
    parts.push(l10n.t('Deployed to {0}: {1}.', result.target, named('deployed')));
  if (of('rolledBack').length > 0)
    parts.push(l10n.t('Rolled back on {0}: {1}.', result.target, named('rolledBack')));
  if (of('unchanged').length > 0) parts.push(l10n.t('Unchanged: {0}.', named('unchanged')));
  if (of('cancelled').length > 0)
    parts.push(l10n.t('Cancelled: {0}; the version before goes on serving.', named('cancelled')));
  for (const item of of('failed'))
    parts.push(item.message ?? l10n.t('{0} failed; the version before goes on serving.', item.function));
  return parts.join(' ');
}
