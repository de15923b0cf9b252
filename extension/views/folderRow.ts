import type { FolderHost } from '../hostClient/folderHost.ts';
import { hostWord } from '../presentation/hostText.ts';
import type { Row, RowContent } from './row.ts';

/** A workspace folder, shown when several have functions. */
export class FolderRow implements Row {
  readonly id: string;
  readonly parent = undefined;
  readonly host: FolderHost;
  #children: () => Row[];

  constructor(host: FolderHost, children: (self: FolderRow) => Row[]) {
    this.id = `folder:${host.folder.path}`;
    this.host = host;
    this.#children = () => children(this);
  }

  content(): RowContent {
    return {
      label: this.host.folder.name,
      description: hostWord(this.host.state),
      icon: { id: 'root-folder' },
      context: 'folder',
    };
  }

  expansion(): 'expanded' {
    return 'expanded';
  }

  children(): Row[] {
    return this.#children();
  }
}
