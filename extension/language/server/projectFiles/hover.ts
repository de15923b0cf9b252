import type { Hover } from 'vscode-languageserver/node';
import { textOf } from '../../../../runtime/model/projectFiles/tree.ts';
import { describeRuntime, describeShape } from './describe.ts';
import { isDynamic } from './dynamic.ts';
import { placeAt, shapeAt, type Place } from './places.ts';
import { rangeIn, type ProjectDocument } from './projectDocument.ts';
import { nextTimes, scheduleAt } from './schedules.ts';
import { type Shape, textOfShape } from './shape.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** What is known besides the file. */
export interface HoverFacts {
  /** Milliseconds since the epoch. */
  now: number;
  /** `2026-11-26` */
  today: string;
  /** What a handler string at an offset leads to, in Markdown. */
  handler(offset: number): string | undefined;
  /** Where else a variable gets its value, in Markdown. */
  variable(name: string): string | undefined;
}

/** Times that are shown of a schedule. */
const shownTimes = 5;

/** What is to be said of what stands at an offset of a project file. */
export function hoverAt(project: ProjectDocument, offset: number, facts: HoverFacts): Hover | undefined {
  const { view, file } = project;
  const place = placeAt(view.root, offset);
  if (!place) return undefined;
  const shape = shapeAt(file, view.root, place.path);
  const parts =
    place.on === 'key'
      ? aboutKey(project, place, shape, facts)
      : aboutValue(project, place, shape, offset, facts);
  const value = parts.filter((part) => part !== undefined && part !== '').join('\n\n');
  return value === ''
    ? undefined
    : { contents: { kind: 'markdown', value }, range: rangeIn(project, place.range) };
}

type Parts = (string | undefined)[];

function aboutKey(
  project: ProjectDocument,
  { path }: Place,
  shape: Shape | undefined,
  facts: HoverFacts,
): Parts {
  const { file, view } = project;
  const platform = file.platform(view.root, path);
  const name = String(path.at(-1));
  const above = shapeAt(file, view.root, path.slice(0, -1));
  if (above?.topic === 'environment') return [`**${name}**`, facts.variable(name)];
  const described = shape ? describeShape(shape, platform, facts.today) : '';
  return described === '' ? [] : [`**${name}**`, described];
}

function aboutValue(
  project: ProjectDocument,
  place: Place,
  shape: Shape | undefined,
  offset: number,
  facts: HoverFacts,
): Parts {
  const { file, view } = project;
  const platform = file.platform(view.root, place.path);
  if (!shape || isDynamic(place.tree, file)) return [];
  const text = textOf(place.tree) ?? '';
  const value = shape.values?.find((each) => each.value === text);
  switch (shape.topic) {
    case 'runtime':
      return [describeRuntime(text, platform, facts.today)];
    case 'schedule': {
      const read = scheduleAt(text, platform, view.root, place.path);
      return read && 'schedule' in read
        ? describeTimes(read.schedule.text, nextTimes(read.schedule, facts.now, shownTimes))
        : [];
    }
    case 'handler':
      return [facts.handler(offset)];
    default:
      return [
        value?.about && textOfShape(value.about),
        shape.topic || value ? describeShape(shape, platform, facts.today) : undefined,
      ];
  }
}

function describeTimes(text: string, times: number[]): Parts {
  const shown = times.map(
    (time) =>
      `- ${new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, '')} UTC`,
  );
  return [
    `\`${text}\``,
    shown.length > 0 ? `${l10n.t('Next times:')}\n\n${shown.join('\n')}` : l10n.t('It comes no more.'),
  ];
}
