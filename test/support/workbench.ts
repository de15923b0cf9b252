import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/**
 * The editor's window as a person uses it. Every selector of the editor's page that tests rely on is in this file;
 * they were tried on VS Code 1.139.
 */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the window is drawn and has its status bar filled. */
  async drawn(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.statusbar-item').first().waitFor({ timeout: 60_000 });
  }

  /** Shows a view container of the activity bar; its badge is part of the name, so give the beginning. */
  async openViewContainer(title: string): Promise<void> {
    const tab = this.page.getByRole('tab', { name: new RegExp(`^${escape(title)}`) }).first();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** The pane of one view, such as "Invocations"; what stands beside its title is a part of its name. */
  view(title: string): Locator {
    return this.page
      .locator('.pane')
      .filter({ has: this.page.getByRole('button', { name: new RegExp(`^${escape(title)}\\b.* Section`) }) });
  }

  /** A row of a tree; the accessible name is "label description". */
  row(name: RegExp | string, within?: Locator): Locator {
    return (within ?? this.page).getByRole('treeitem', { name });
  }

  /** The texts of all visible rows of a view, as a screen reader reads them. */
  async rowNames(view: Locator): Promise<string[]> {
    const names = await view
      .getByRole('treeitem')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    return names.map((name) => name.trim());
  }

  /** Clicks an action of a view's title bar. */
  async viewAction(view: Locator, name: string | RegExp): Promise<void> {
    await view.hover();
    await view.getByRole('button', { name }).click();
  }

  /** Clicks an inline action of a tree row. Rows are redrawn while they change, so it tries again. */
  async rowAction(row: Locator, name: string | RegExp): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await row.hover({ timeout: 5000 });
        await row.getByRole('button', { name }).click({ timeout: 2000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** An entry of the open context menu. */
  menuItem(name: string): Locator {
    return this.page.locator('.monaco-menu').getByRole('menuitem', { name, exact: true });
  }

  /** Chooses an entry of a row's context menu. The editor ignores clicks right after a menu opened: then it clicks again. */
  async rowMenu(row: Locator, name: string): Promise<void> {
    await row.click({ button: 'right' });
    const item = this.menuItem(name);
    for (let attempt = 1; ; attempt++) {
      await item.click();
      try {
        await item.waitFor({ state: 'hidden', timeout: 1000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** A button of the title bar of the active editor; its name ends with the keys that do the same. */
  editorAction(name: string): Locator {
    return this.page
      .locator('.editor-group-container.active .editor-actions')
      .getByRole('button', { name: new RegExp(`^${escape(name)}( \\(.+\\))?$`) });
  }

  /** Expands a tree row; no effect on an expanded one. */
  async expand(row: Locator): Promise<void> {
    const expanded = row.and(this.page.locator('[aria-expanded="true"]'));
    // What is drawn anew in this moment takes no click.
    for (let attempt = 1; ; attempt++) {
      if ((await row.getAttribute('aria-expanded')) === 'true') return;
      await row.locator('.monaco-tl-twistie').click();
      try {
        await expanded.first().waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** Runs a command by the title shown in the palette. */
  async command(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, new RegExp(escape(title)));
  }

  /**
   * Opens the palette or the file list and takes a row. A window that still starts may not know the row yet, or may
   * take the focus away and so close the list; then it is opened again.
   */
  async #choose(key: string, text: string, name: RegExp): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await this.quickInput.locator('input[type="text"]').fill(text, { timeout: 5000 });
        await this.quickInput.getByRole('option', { name }).first().click({ timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === 6) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The quick pick or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Chooses a row of the open quick pick. */
  async pick(name: string | RegExp): Promise<void> {
    await this.quickInput.getByRole('option', { name }).first().click();
  }

  /** Types into the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.quickInput.locator('input[type="text"]').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers the question for a folder, which the served editor asks in its quick input; `button` accepts it. */
  async chooseFolder(path: string, button: string): Promise<void> {
    const input = this.quickInput.locator('input[type="text"]');
    const accept = this.quickInput.getByRole('button', { name: button });
    await accept.waitFor();
    // What is accepted before the folder has been listed is the one that was proposed; and when that is listed late, it
    // comes back into the field.
    const listed = mkdtempSync(join(path, 'listed-'));
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          await input.fill(`${path}/`);
          await this.quickInput.getByRole('option', { name: basename(listed) }).waitFor({ timeout: 5000 });
          await accept.click({ timeout: 5000 });
          await accept.waitFor({ state: 'hidden', timeout: 5000 });
          return;
        } catch (error) {
          if (attempt === 5) throw error;
        }
      }
    } finally {
      rmSync(listed, { recursive: true });
    }
  }

  /** Waits until the window has a kind of theme: `dark` or `high contrast`. */
  async themed(kind: string): Promise<void> {
    const classes: Record<string, string> = {
      dark: 'vs-dark',
      'high contrast': 'hc-black',
    };
    await this.page.locator(`.monaco-workbench.${classes[kind]}`).waitFor();
  }

  /** A step of the open tour, by its title. */
  walkthroughStep(title: string): Locator {
    return this.page.locator('.getting-started-step').filter({ hasText: title });
  }

  /** The same, once it is ticked off. */
  walkthroughStepDone(title: string): Locator {
    return this.walkthroughStep(title).locator('.codicon.complete').first();
  }

  /** Opens a file of the workspace by its path; returns its editor. */
  async openFile(path: string): Promise<Locator> {
    await this.#choose('Control+P', path, new RegExp(escape(basename(path))));
    const editor = this.editor(path);
    await editor.locator('.view-line').first().waitFor();
    return editor;
  }

  /** The text editor of a file, by the end of its path. */
  editor(path: string): Locator {
    return this.page.locator(`.monaco-editor[data-uri$="/${path}"]`);
  }

  /** The editor of the event of an invocation. */
  eventEditor(name: string): Locator {
    return this.page.locator(
      `.monaco-editor[data-uri^="porchlight-event:"][data-uri*="${encodeURIComponent(name)}"]`,
    );
  }

  /** Wavy lines under code: warnings and what is less. */
  squiggles(path: string): Locator {
    return this.editor(path).locator('.squiggly-warning, .squiggly-info, .squiggly-error');
  }

  /** Points at a word in a line until its hover shows the link of a rule; gives the link. */
  async ruleLink(path: string, place: [line: string, word: string], rule: string): Promise<Locator> {
    return this.#hovered(path, place, this.page.locator('.monaco-hover').getByRole('link', { name: rule }));
  }

  /** Points at a word in a line until its hover says something; gives the hover. */
  async hover(path: string, place: [line: string, word: string], text: RegExp): Promise<Locator> {
    return this.#hovered(path, place, this.page.locator('.monaco-hover').filter({ hasText: text }));
  }

  async #hovered(path: string, [line, word]: [line: string, word: string], link: Locator): Promise<Locator> {
    const place = this.editor(path).locator('.view-line').filter({ hasText: line }).getByText(word).first();
    for (let attempt = 1; ; attempt++) {
      try {
        await place.hover({ timeout: 5000 });
        await link.waitFor({ timeout: 5000 });
        return link;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.mouse.move(0, 0);
      }
    }
  }

  /** A heading in a preview of Markdown, which is a page in a page in a page. */
  preview(heading: string): Locator {
    const frame = this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    return frame.getByRole('heading', { name: heading });
  }

  /** Moves the cursor to the start of a line (from 1) of the editor that has the focus. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.quickInput.locator('input[type="text"]').fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Sets a breakpoint by F9; `before` is the number of breakpoint marks the editor had. */
  async setBreakpoint(path: string, line: number): Promise<void> {
    const editor = await this.openFile(path);
    const marks = editor.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified');
    const before = await marks.count();
    await this.goToLine(line);
    await this.page.keyboard.press('F9');
    await marks.nth(before).waitFor();
  }

  /** Sets a breakpoint in a file that is open, by a click left of the line's number; the line has to be in sight. */
  async clickBreakpoint(path: string, line: number): Promise<void> {
    const editor = this.editor(path);
    const number = editor.locator('.margin .line-numbers', { hasText: new RegExp(`^${line}$`) });
    const marks = editor.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified');
    // What is drawn anew in this moment takes no click.
    for (let attempt = 1; ; attempt++) {
      await number.waitFor();
      const box = await number.boundingBox().catch(() => null);
      if (box) await this.page.mouse.click(box.x - 8, box.y + box.height / 2);
      try {
        await marks.first().waitFor({ timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** Clicks a CodeLens. */
  async codeLens(path: string, name: string | RegExp): Promise<void> {
    await this.editor(path).locator('.codelens-decoration a').filter({ hasText: name }).first().click();
  }

  /** What decorations show behind the text of lines: all texts on screen, from top to bottom. */
  async inlineTexts(path: string): Promise<string[]> {
    return this.editor(path)
      .locator('.view-line [class*="ced-"]')
      .evaluateAll((elements) => {
        // These functions of the page are not among the types of Node.
        interface PageElement {
          closest(selector: string): PageElement | null;
          getBoundingClientRect(): { top: number };
        }
        const page = globalThis as unknown as {
          getComputedStyle(of: unknown, pseudo: string): { content: string };
        };
        const top = (element: unknown) =>
          (element as PageElement).closest('.view-line')?.getBoundingClientRect().top ?? 0;
        return elements
          .sort((a, b) => top(a) - top(b))
          .map((element) => page.getComputedStyle(element, '::after').content)
          .filter((content) => content !== 'none' && content !== 'normal')
          .map((content) => content.replace(/^"|"$/g, '').replaceAll('\\"', '"'));
      });
  }

  /** Waits until a decoration behind a line shows exactly this text. Nothing tells of drawing, so it looks every frame. */
  async inlineText(path: string, text: string): Promise<void> {
    const giveUpAt = Date.now() + 15_000;
    while (!(await this.inlineTexts(path)).includes(text)) {
      if (Date.now() > giveUpAt) {
        throw new Error(`No line shows "${text}", but: ${(await this.inlineTexts(path)).join(' | ')}`);
      }
      await this.page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
    }
  }

  /** Drags the side bar's edge, so that rows have room. */
  async widenSideBar(pixels: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('There is no side bar.');
    const [x, y] = [box.x + box.width, box.y + box.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + pixels, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Waits until the debugger stands on a line (from 1) of a file. */
  async stoppedAt(path: string, line: number): Promise<void> {
    await this.editor(path).locator('.codicon-debug-stackframe').first().waitFor({ timeout: 30_000 });
    await this.page
      .locator('.statusbar-item')
      .filter({ hasText: new RegExp(`Ln ${line},`) })
      .waitFor({ timeout: 10_000 });
  }

  /** Presses a button of the debug toolbar: "Continue", "Stop", "Step Over", "Restart", … */
  async debugToolbar(name: string): Promise<void> {
    await this.page
      .locator('.debug-toolbar')
      .getByRole('button', { name: new RegExp(`^${escape(name)}`) })
      .click();
  }

  /** The page of the webview that is seen. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  /** A notification toast that contains a text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-toast').filter({ hasText: text });
  }

  /** Presses a button of a toast. */
  async toastButton(text: string | RegExp, name: string): Promise<void> {
    await this.toast(text).getByRole('button', { name }).click();
  }

  /** A modal dialog that contains a text. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: text });
  }

  /** Answers a modal dialog with one of its buttons; one that was not drawn wholly takes no click. */
  async answerDialog(text: string | RegExp, button: string): Promise<void> {
    const dialog = this.dialog(text);
    for (let attempt = 1; ; attempt++) {
      await dialog.getByRole('button', { name: button }).click();
      try {
        await dialog.waitFor({ state: 'hidden', timeout: 2000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** An item of the status bar, by a part of its text or accessible name. */
  statusItem(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).and(this.page.locator('.statusbar-item-label'));
  }

  /** The welcome text of an empty view. */
  welcome(view: Locator): Locator {
    return view.locator('.welcome-view-content');
  }

  /** The one-line message above the rows of a view. */
  message(view: Locator): Locator {
    return view.locator('.tree-explorer-viewlet-tree-view .message');
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
