import { bareHttp } from '../hosts/bareHttp.ts';
import { porchlightInvoke, porchlightWatcher } from '../hosts/porchlight.ts';
import type { HostPart, Subject } from '../hosts/subject.ts';
import { coldStarts } from '../measures/coldStarts.ts';
import { debuggerSteps } from '../measures/debuggerSteps.ts';
import { debugEditor } from '../measures/debugEditor.ts';
import { deploy } from '../measures/deploy.ts';
import { deployMany } from '../measures/deployMany.ts';
import { echo } from '../measures/echo.ts';
import { handlerRules } from '../measures/handlerRules.ts';
import { HostMeasure } from '../measures/hosts.ts';
import { language } from '../measures/language.ts';
import { memory } from '../measures/memory.ts';
import { recording } from '../measures/recording.ts';
import { warm } from '../measures/warm.ts';
import { peers } from '../peers/index.ts';
import { siteOf, type Context } from './context.ts';
import type { Measure } from './measure.ts';
import type { Options } from './options.ts';

const hostParts: readonly string[] = ['start', 'warm', 'memory', 'edit'] satisfies HostPart[];

/** Every host of a run: the reference, Porchlight, and the chosen peers. */
export function subjectsOf({ peers: names, parts }: Pick<Options, 'peers' | 'parts'>): Subject[] {
  const all = [bareHttp, porchlightInvoke, porchlightWatcher, ...names.flatMap((name) => peers[name] ?? [])];
  return all.filter((subject) => subject.parts.some((part) => parts.includes(part)));
}

/** What a run measures, in the order of its first round. */
export function planOf(context: Context, options: Pick<Options, 'peers' | 'parts'>): Measure[] {
  const has = (part: Options['parts'][number]): boolean => options.parts.includes(part);
  const wanted = options.parts.filter((part): part is HostPart => hostParts.includes(part));
  const hosts = subjectsOf(options).map((subject) => hostMeasure(context, subject, wanted));
  return [
    ...hosts,
    ...(has('warm') ? [warm(context)] : []),
    ...(has('cold') || has('prewarmed') ? [coldStarts(context, { prewarmed: has('prewarmed') })] : []),
    ...(has('memory') ? [memory(context)] : []),
    ...(has('echo') ? [echo(context)] : []),
    ...(has('recording') ? [recording(context)] : []),
    ...(has('debugger') ? [debuggerSteps(context)] : []),
    ...(has('debug-editor') ? [debugEditor(context)] : []),
    ...(has('language') ? [language(context)] : []),
    ...(has('deploy') ? [deploy(context), deployMany(context)] : []),
    ...(has('rules') ? [handlerRules(context)] : []),
  ];
}

function hostMeasure(context: Context, subject: Subject, wanted: readonly HostPart[]): Measure {
  const site = siteOf(context, subject);
  const measure = new HostMeasure(context, subject, site, wanted);
  return {
    title: subject.title,
    prepare: () => subject.prepare(site),
    round: (round) => measure.round(round),
  };
}
