import type { ToPage } from '../messages.ts';
import { App } from './app.ts';
import { editor } from './editor.ts';

let app: App | undefined;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  const root = document.getElementById('app');
  if (data.type === 'begin' && root) app = new App(root, data);
  else app?.receive(data);
});
editor.postMessage({ type: 'ready' });
