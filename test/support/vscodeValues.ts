import { posix } from 'node:path';

/* The editor's values, as far as our logic makes and reads them: data without behaviour. */

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(a: number | Position, b: number | Position, c?: number, d?: number) {
    this.start = a instanceof Position ? a : new Position(a, b as number);
    this.end = b instanceof Position ? b : new Position(c ?? 0, d ?? 0);
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, path: string, query = '') {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }
  static file(path: string): Uri {
    return new Uri('file', path.replaceAll('\\', '/'));
  }
  static from({ scheme, path, query }: { scheme: string; path: string; query?: string }): Uri {
    return new Uri(scheme, path, query);
  }
  static parse(text: string): Uri {
    const colon = text.indexOf(':');
    const [path = '', query] = text
      .slice(colon + 1)
      .replace(/^\/\//, '')
      .split('?');
    return new Uri(text.slice(0, colon), path, query);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(base.scheme, posix.join(base.path, ...parts));
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.path}${this.query && `?${this.query}`}`;
  }
}

export class TreeItem {
  label: string;
  collapsibleState: number;
  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export class MarkdownString {
  value: string;
  isTrusted: unknown;
  constructor(value = '') {
    this.value = value;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendCodeblock(text: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    return this;
  }
}

export class Hover {
  readonly contents: MarkdownString;
  readonly range: Range | undefined;
  constructor(contents: MarkdownString, range?: Range) {
    this.contents = contents;
    this.range = range;
  }
}

export class CodeLens {
  readonly range: Range;
  readonly command: unknown;
  constructor(range: Range, command?: unknown) {
    this.range = range;
    this.command = command;
  }
}

export class Diagnostic {
  range: Range;
  message: string;
  severity: number;
  source?: string;
  code?: string;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

export class Location {
  readonly uri: Uri;
  readonly range: Range;
  constructor(uri: Uri, at: Position | Range) {
    this.uri = uri;
    this.range = at instanceof Range ? at : new Range(at, at);
  }
}

export class SourceBreakpoint {
  readonly location: Location;
  readonly enabled: boolean;
  readonly condition: string | undefined;
  readonly hitCondition: string | undefined;
  readonly logMessage: string | undefined;
  constructor(
    location: Location,
    enabled = true,
    condition?: string,
    hitCondition?: string,
    logMessage?: string,
  ) {
    this.location = location;
    this.enabled = enabled;
    this.condition = condition;
    this.hitCondition = hitCondition;
    this.logMessage = logMessage;
  }
}

export class RelativePattern {
  readonly base: Uri;
  readonly pattern: string;
  constructor(folder: { uri: Uri }, pattern: string) {
    this.base = folder.uri;
    this.pattern = pattern;
  }
}

/** Edits of files that are applied together. */
export class WorkspaceEdit {
  readonly edits: { uri: Uri; range: Range; text: string }[] = [];
  replace(uri: Uri, range: Range, text: string): void {
    this.edits.push({ uri, range, text });
  }
}
