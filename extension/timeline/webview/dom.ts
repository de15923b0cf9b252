type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (`true` is an empty one, `false` none) and what it holds. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** A button with a text, and a longer name where the text is short. */
export function button(text: string, title: string | undefined, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title, 'aria-label': title }, text);
  made.addEventListener('click', onClick);
  return made;
}

/** Puts values into `{0}`-style places of a text. */
export const fill = (text: string, ...values: (string | number)[]): string =>
  text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));

let names = 0;

/** A control with its label. */
export function labelled(label: string, control: HTMLElement): HTMLElement {
  control.id ||= `control-${++names}`;
  return element('div', { class: 'field' }, element('label', { for: control.id }, label), control);
}

/** A table of texts; numbers are the columns that are aligned to the right. */
export function textTable(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: ReadonlySet<number>,
): HTMLTableElement {
  const kind = (index: number): Attributes => ({ class: numbers.has(index) ? 'number' : undefined });
  return element(
    'table',
    { 'aria-label': label },
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head, i) => element('th', { scope: 'col', ...kind(i) }, head))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((cells) => element('tr', {}, ...cells.map((cell, i) => element('td', kind(i), cell)))),
    ),
  );
}
