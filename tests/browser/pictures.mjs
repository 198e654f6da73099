// Takes the README's pictures from a real drop, and writes what the server holds into it: npm run pictures.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launch } from './lib/browsers.mjs';
import { ROOT, desk, run, startServer } from './lib/drop.mjs';
import { delivered, open, screen, takeWords, write } from './lib/source.mjs';
import { session, toHtml } from './lib/terminal.mjs';

const out = path.join(ROOT, 'docs/pictures');
const readme = path.join(ROOT, 'README.md');
const BLOB = /(<!-- blob: npm run pictures -->\n```\n)[\s\S]*?(\n```)/;

await mkdir(out, { recursive: true });
const server = await startServer();
const reviewer = await desk();
const browser = await launch('chromium');
try {
  const { link } = await reviewer.json(['init', '--name', 'The Harbour Gazette', '--url', server.url, '--server', server.reviewerUrl, '--as', 'Ana']);
  await reviewer.run(['roster', 'publish', '--setup-token-file', '-'], { input: `${server.setupToken}\n` });
  const page = await browser.page();
  await page.setViewport({ width: 760, height: 900, deviceScaleFactor: 1.5 });
  await open(page, link);
  await screen(page, 'start');
  await page.screenshot({ path: path.join(out, 'start.png') });
  await takeWords(page);
  await page.screenshot({ path: path.join(out, 'report.png') });
  await write(page, {
    message: 'The valve in hall 3 has leaked since March. The log was changed on the 14th; I have the pages from before. The foreman knows.',
    files: [path.join(ROOT, 'LICENSE')],
  });
  await delivered(page);
  await page.screenshot({ path: path.join(out, 'sent.png') });
  await reviewer.run(['sync']);
  const [report] = (await reviewer.json(['inbox'])).reports;

  const terminal = await session(['clear', './reviewer inbox', `./reviewer open ${report.handle}`], { cwd: ROOT, env: { ...reviewer.env, NO_COLOR: '', TERM: 'xterm-256color' } });
  const sheet = await browser.page();
  await sheet.setViewport({ width: 900, height: 500, deviceScaleFactor: 1.5 });
  await sheet.setContent(`<!doctype html><body style="margin:0;background:#161616"><pre style="margin:0;padding:20px;width:fit-content;color:#e6e6e6;
    background:#161616;font:15px/1.45 'DejaVu Sans Mono',monospace">${toHtml(terminal).trimEnd()}</pre>`);
  await (await sheet.$('pre')).screenshot({ path: path.join(out, 'terminal.png') });

  const sealed = path.join(reviewer.home, (await readdir(reviewer.home, { recursive: true })).find((n) => n.endsWith('.age') && n.includes('reports')));
  const lines = (await run('xxd', [sealed])).stdout.split('\n');
  // The age header of one recipient (docs/protocol.md, "Numbers"): first line, stanza, last line; then the nonce and the sealed report.
  const report16 = Math.ceil((22 + 1557 + 48 + 16) / 16);
  const blob = [`$ xxd ${path.basename(sealed).slice(0, 8)}….age | sed -n '1,4p;${report16 + 1},+3p'`, ...lines.slice(0, 4), ...lines.slice(report16, report16 + 4)];
  const text = await readFile(readme, 'utf8');
  if (!BLOB.test(text)) throw new Error('README.md has no place for the blob');
  await writeFile(readme, text.replace(BLOB, (_, before, after) => before + blob.join('\n') + after));
} finally {
  await browser.close();
  await reviewer.remove();
  await server.remove();
}
