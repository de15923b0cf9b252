import type {
  DeployedAnswer,
  DeployedFunction,
  DeployPlan,
  DeployResult,
  DeployedVersion,
  FunctionPlan,
  RemoteLogLine,
  ServeStatus,
} from '../../runtime/model/deploy.ts';
import { l10n } from '../editor/l10n.ts';
import { formatBytes, formatDateTime, formatMs, formatTime } from './numbers.ts';
import { localized } from '../../runtime/model/errors.ts';
import { translated } from '../../runtime/support/l10n.ts';

/** What a row says about a deployed version. */
export function versionDescription(version: DeployedVersion): string {
  return [
    ...(version.current ? [l10n.t('current')] : []),
    ...(version.percent === undefined ? [] : [l10n.t('{0} % of the calls', version.percent)]),
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
      .map((finding) => `${item.function}: ${localized(finding)}`),
  );
}

const signs = { create: '+', change: '~', remove: '-', same: ' ' } as const;

function functionPlanText(item: FunctionPlan): string {
  const { package: pack } = item;
  const lines = [`## ${item.function}: ${changeWord(item.change)}`, ''];
  for (const finding of item.findings) {
    const place = finding.file ? ` (${finding.file}${finding.line ? `:${finding.line}` : ''})` : '';
    lines.push(
      `- **${finding.severity === 'error' ? l10n.t('Error') : l10n.t('Warning')}**: ${localized(finding)}${place}`,
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

/** What a row says of a function that a plan found different. */
export function driftText(changed: number): string | undefined {
  if (changed === 0) return undefined;
  return changed === 1
    ? l10n.t('differs from the project in 1 place')
    : l10n.t('differs from the project in {0} places', changed);
}

/** What goes with a function that is removed, for the question whether to. */
export function removalText({ versions, urls }: DeployedFunction): string {
  const names = versions.map(({ version }) => version).join(', ');
  const gone =
    versions.length === 1 ? l10n.t('Its version {0} goes.', names) : l10n.t('Its versions go: {0}.', names);
  if (urls.length === 0) return gone;
  return [gone, l10n.t('Nobody answers any more at:'), ...urls].join('\n');
}

/** A line of a deployed function's log. */
export function remoteLineText({ time, instance, text }: RemoteLogLine): string {
  // Streams of Lambda end with what tells them apart, names of containers too.
  return `${formatTime(time)} ${instance.slice(-8)}  ${text}`;
}

/** What a deployed function answered, as a document: how it went, then the result. */
export function answerDocument(answer: DeployedAnswer): string {
  const { target, version, status, startKind, durationMs, message, result } = answer;
  const lines = [
    `# ${l10n.t('{0} on {1}', answer.function, target)}`,
    '',
    `- ${l10n.t('Version: {0}', version)}`,
    `- ${l10n.t('Status: {0}', status)}`,
    ...(startKind === undefined ? [] : [`- ${l10n.t('Start: {0}', startKind)}`]),
    `- ${l10n.t('Duration: {0}', formatMs(durationMs))}`,
    ...(message === undefined ? [] : ['', fenced(message)]),
    '',
    result === undefined
      ? status === 'ok'
        ? l10n.t('The result is too long to be shown.')
        : l10n.t('There is no result.')
      : fenced(readable(result)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A block whose fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** JSON with line breaks, where it is some. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    // Anything else is shown as it is.
    return text;
  }
}

/** How a deploy, a roll-back or a removal ended, as one sentence. */
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
  if (of('removed').length > 0) parts.push(l10n.t('Removed from {0}: {1}.', result.target, named('removed')));
  if (of('unchanged').length > 0) parts.push(l10n.t('Unchanged: {0}.', named('unchanged')));
  if (of('cancelled').length > 0)
    parts.push(l10n.t('Cancelled: {0}; the version before goes on serving.', named('cancelled')));
  for (const item of of('failed'))
    parts.push(
      (item.said ? translated(item.said) : item.message) ??
        l10n.t('{0} failed; the version before goes on serving.', item.function),
    );
  return parts.join(' ');
}
