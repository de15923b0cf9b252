import { isFailure } from '../../runtime/model/invocationRecord.ts';
import { remoteLogCount, type RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import {
  remoteDescription,
  remoteFacts,
  remoteIcon,
  remoteLogNote,
  remoteSentence,
  remoteTooltip,
} from '../presentation/remoteText.ts';
import { bodyRow, errorRow, logRow, noteRows } from './invocationDetails.ts';
import { leaf, type Row, type RowContent } from './row.ts';

/** One invocation that happened on a target, with what the target told of it. */
export class RemoteRow implements Row {
  readonly id: string;
  readonly parent = undefined;
  readonly argument: object;
  readonly host: FolderHost;
  #invocation: RemoteInvocation;
  #folderName: string | undefined;

  /** `folderName` when several folders are listed together. */
  constructor(host: FolderHost, invocation: RemoteInvocation, folderName?: string) {
    const { target, function: name, id } = invocation;
    this.id = `remote:${host.folder.path}:${target}:${name}:${id}`;
    this.argument = { invocation: id, folder: host.folder.path, target, function: name };
    this.host = host;
    this.#invocation = invocation;
    this.#folderName = folderName;
  }

  get invocation(): RemoteInvocation {
    return this.#invocation;
  }

  update(invocation: RemoteInvocation): void {
    this.#invocation = invocation;
  }

  content(): RowContent {
    const invocation = this.#invocation;
    const followed = this.#followed;
    return {
      label: invocation.function,
      description: [remoteDescription(invocation, followed), this.#folderName].filter(Boolean).join(' · '),
      icon: remoteIcon(invocation),
      tooltip: remoteTooltip(invocation, followed),
      context: [
        'remoteInvocation',
        ...(isFailure(invocation) ? ['failed'] : []),
        ...(canBeReplayed(invocation, this.host) ? ['event'] : []),
      ].join(' '),
      spoken: remoteSentence(invocation, followed),
    };
  }

  expansion(): 'collapsed' {
    return 'collapsed';
  }

  children(): Row[] {
    const invocation = this.#invocation;
    const { error, event, result, logs } = invocation;
    const note = remoteLogNote(invocation, this.#followed);
    const { path } = this.host.folder;
    const isHere = (file: string): boolean => file.startsWith(path) && /^[\\/]/.test(file.slice(path.length));
    return [
      ...(error ? [errorRow(this, error, isHere)] : []),
      ...remoteFacts(invocation).map(({ name, value, icon }, index) =>
        leaf(this, `fact${index}`, { label: name, description: value, icon }),
      ),
      ...(event ? [bodyRow(this, 'event', l10n.t('Event'), event)] : []),
      ...(result ? [bodyRow(this, 'result', l10n.t('Result'), result)] : []),
      logRow(this, logs, remoteLogCount(invocation)),
      ...(note === undefined ? [] : noteRows(this, [note])),
    ];
  }

  get #followed(): boolean {
    return this.host.remote.follow(this.#invocation) !== undefined;
  }
}

/** Its event is known, and so is the function. */
function canBeReplayed({ event, function: name }: RemoteInvocation, host: FolderHost): boolean {
  return event?.encoding === 'utf8' && !event.truncated && host.mirror.function(name) !== undefined;
}
