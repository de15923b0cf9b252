import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { LoadProgress, LoadResult, LoadShape } from '../../model/load.ts';
import type { StartKind } from '../../model/words.ts';
import type { ControlErrorData, InvokeParams } from './messages.ts';

export interface LoadParams extends LoadShape {
  function: string;
  /** Default: the latest recorded event, otherwise one as the function's first trigger would bring it. */
  event?: InvokeParams['event'];
  /** Forces a start kind on every call. */
  startKind?: StartKind;
}

/**
 * Sends calls at a rate and answers with what came of them. One load per function at a time. Progress comes as
 * notifications to who asked. Cancelling sends no more and interrupts what is under way; what ended by then counts.
 */
export const RunLoad = new RequestType<LoadParams, LoadResult, ControlErrorData>('functions/load');

/** A load goes on; several times a second. */
export const LoadProgressed = new NotificationType<LoadProgress & { function: string }>('load/progressed');
