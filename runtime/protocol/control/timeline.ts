import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { InstanceEvent, InstanceLife } from '../../model/instanceLife.ts';
import type { TimelineSpan } from '../../model/timelineSpan.ts';
import type { ControlErrorData } from './messages.ts';

/** Invocations of a time, for pages of at most 1000: `before` is the last one of the page before. */
export interface TimelineQuery {
  /** Only received since then; milliseconds since the epoch. */
  from?: number;
  before?: string;
  limit: number;
}

/** Invocations as a timeline shows them, newest first. */
export const QueryTimeline = new RequestType<TimelineQuery, TimelineSpan[], ControlErrorData>(
  'timeline/invocations',
);

/**
 * Whether the client wants to hear what becomes of instances. Answers with what is known of them, the latest ones of the
 * host's life; memory is looked at only while somebody watches.
 */
export const WatchInstances = new RequestType<
  { watch: boolean },
  { lives: InstanceLife[] },
  ControlErrorData
>('timeline/watch');

/** What happened to instances, in order; to who watches them. */
export const InstancesLived = new NotificationType<{ events: InstanceEvent[] }>('timeline/instances');
