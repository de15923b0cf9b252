import { randomBytes } from 'node:crypto';

/** Addresses of what the page loads, and the source that the editor serves them from. */
export interface PageParts {
  script: string;
  style: string;
  cspSource: string;
  title: string;
  language: string;
}

/**
 * The page's HTML. It may load its script and its style sheet and nothing else: no inline script or style, no images, no
 * fonts, no connections.
 */
export function pageHtml({ script, style, cspSource, title, language }: PageParts): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(style)}">
<title>${attribute(title)}</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
