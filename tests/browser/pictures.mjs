// Takes the README's pictures of the page from a real drop: npm run pictures. (The terminal's is made from real output by hand.)
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launch } from './lib/browsers.mjs';
import { ROOT, desk, run, startServer } from './lib/drop.mjs';
import { delivered, open, screen, takeWords, write } from './lib/source.mjs';

const out = path.join(ROOT, 'docs/pictures');
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
  process.stdout.write(await reviewer.run(['sync']));
  const [report] = (await reviewer.json(['inbox'])).reports;
  process.stdout.write(await reviewer.run(['inbox']));
  process.stdout.write(await reviewer.run(['open', report.handle]));
  for (const name of await readdir(server.data)) console.log(name);
  const sealed = (await readdir(reviewer.home, { recursive: true })).filter((n) => n.endsWith('.age'));
  console.log(sealed);
  await writeFile(path.join(out, 'sample.txt'), `${sealed.join('\n')}\n`);
} finally {
  await browser.close();
  await reviewer.remove();
  await server.remove();
}
