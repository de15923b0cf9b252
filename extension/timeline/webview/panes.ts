import { element } from './dom.ts';

/** One of several panes of which one is seen. */
export interface Tab<K extends string> {
  key: K;
  title: string;
  node: HTMLElement;
}

/** Panes with tabs, by the usual keys: arrows, Home and End. */
export function tabbedPanes<K extends string>(
  label: string,
  tabs: readonly Tab<K>[],
  first: K,
  changed: (key: K) => void,
): { node: HTMLElement; show(key: K): void } {
  const list = element('div', { class: 'bar', role: 'tablist', 'aria-label': label });
  const buttons = tabs.map(({ key, title, node }) => {
    const tab = element(
      'button',
      { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': `pane-${key}` },
      title,
    );
    node.id = `pane-${key}`;
    node.setAttribute('role', 'tabpanel');
    node.setAttribute('aria-labelledby', tab.id);
    // It scrolls, and not all hold something to press.
    node.tabIndex = 0;
    tab.addEventListener('click', () => show(key));
    list.append(tab);
    return tab;
  });
  const show = (wanted: K): void => {
    for (const [index, { key, node }] of tabs.entries()) {
      const isWanted = key === wanted;
      node.hidden = !isWanted;
      buttons[index]!.setAttribute('aria-selected', String(isWanted));
      buttons[index]!.tabIndex = isWanted ? 0 : -1;
    }
    changed(wanted);
  };
  list.addEventListener('keydown', (event) => {
    const now = buttons.findIndex((tab) => tab === document.activeElement);
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (now < 0 || next === undefined) return;
    const index = (next + tabs.length) % tabs.length;
    buttons[index]!.focus();
    show(tabs[index]!.key);
    event.preventDefault();
  });
  show(first);
  return { node: element('div', { class: 'panes' }, list, ...tabs.map(({ node }) => node)), show };
}
