import type { BoxClass } from '../chart/boxes.ts';

/** Colours and font of the editor's theme, as CSS values. */
export interface Palette {
  classes: Record<BoxClass, string>;
  background: string;
  text: string;
  dim: string;
  line: string;
  life: string;
  frozen: string;
  focus: string;
  hover: string;
  onBox: string;
  font: string;
  /** Outlines have to tell what colours tell elsewhere. */
  contrast: boolean;
}

/** Reads the theme of now. What a theme leaves out falls back to what every theme has. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const value = (...names: string[]): string => {
    for (const name of names) {
      const found = style.getPropertyValue(`--vscode-${name}`).trim();
      if (found) return found;
    }
    return style.color;
  };
  const contrast = /vscode-high-contrast/.test(document.body.className);
  const foreground = value('editor-foreground', 'foreground');
  return {
    classes: {
      warm: value('charts-green', 'testing-iconPassed'),
      prewarmed: value('charts-blue', 'focusBorder'),
      cold: value('charts-yellow', 'charts-orange'),
      failed: value('charts-red', 'errorForeground'),
      refused: value('errorForeground', 'charts-red'),
      running: value('charts-purple', 'focusBorder'),
    },
    background: value('editor-background'),
    text: foreground,
    dim: contrast ? foreground : value('descriptionForeground', 'foreground'),
    line: value('contrastBorder', 'editorGroup-border', 'panel-border'),
    life: contrast ? value('contrastBorder', 'foreground') : value('editorWidget-border', 'panel-border'),
    frozen: value('charts-blue', 'focusBorder'),
    focus: value('focusBorder', 'foreground'),
    hover: value('contrastActiveBorder', 'foreground'),
    onBox: value('editor-background'),
    font: `${value('font-size') || '13px'} ${value('font-family')}`,
    contrast,
  };
}

/** Calls back when the editor's theme changes: it changes the classes of the page's body. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
