// Without JavaScript: the lines are taken from the page and run as they stand, by a shell with stock tar and age; the file goes through
// the form of a browser that runs no script; the reviewer's tool shows it for what it is, and its bytes are the ones that were packed.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, launch } from './lib/browsers.mjs';
import { ROOT, newDrop, run } from './lib/drop.mjs';

const STOCK = path.join(ROOT, '../shared/bin');
const noAge = existsSync(path.join(STOCK, 'age')) ? false : 'the optional stock program age 1.3 is not there';

/** A page in a browser that runs no script: a test's neither, in Firefox, so everything there is done from outside. */
async function plainPage(started) {
  const page = await started.page();
  // All of it in view: nothing can scroll there.
  await page.setViewport({ width: 1000, height: 9000 });
  if (started.name === 'chromium') {
    return {
      open: (url) => page.goto(url, { waitUntil: 'load' }),
      text: (id) => page.$eval(`#${id}`, (e) => e.textContent),
      headings: () => page.$$eval('h1', (all) => all.map((e) => e.textContent)),
      count: (selector) => page.$$eval(selector, (all) => all.length),
      choose: async (id, file) => (await page.$(`#${id}`)).uploadFile(file),
      send: (id) => Promise.all([page.waitForNavigation(), page.click(`#${id}`)]),
      url: () => page.url(),
      close: () => page.close(),
    };
  }
  const { connection } = started.browser;
  const context = page.mainFrame().browsingContext.id;
  const nodes = async (value) => (await connection.send('browsingContext.locateNodes', {
    context, locator: { type: 'css', value }, serializationOptions: { maxDomDepth: 9 },
  })).result.nodes;
  const text = ({ value }) => value.nodeValue ?? (value.children ?? []).map(text).join('');
  const element = async (id) => ({ sharedId: (await nodes(`#${id}`))[0].sharedId });
  return {
    open: (url) => page.goto(url, { waitUntil: 'load' }),
    text: async (id) => text((await nodes(`#${id}`))[0]),
    headings: async () => (await nodes('h1')).map(text),
    count: async (selector) => (await nodes(selector)).length,
    choose: async (id, file) => connection.send('input.setFiles', { context, element: await element(id), files: [file] }),
    send: async (id) => {
      const origin = { type: 'element', element: await element(id) };
      const loaded = page.waitForNavigation();
      await connection.send('input.performActions', {
        context,
        actions: [{ type: 'pointer', id: 'mouse', actions: [{ type: 'pointerMove', x: 0, y: 0, origin }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }] }],
      });
      await loaded;
    },
    url: () => page.url(),
    close: () => page.close(),
  };
}

for (const { name, skip } of BROWSERS.filter((b) => b.name !== 'firefox-safer')) {
  describe(`/plain, ${name}`, { skip: skip || noAge }, () => {
    let drop;
    let started;
    before(async () => {
      drop = await newDrop();
      started = await launch(name, { javascript: false });
    });
    after(async () => {
      await started?.close();
      await drop?.remove();
    });

    /** Runs one of the page's lines in a shell, exactly as it stands there. */
    const shell = (folder, line) => run('sh', ['-e', '-c', line], { cwd: folder, env: { PATH: `${STOCK}:${process.env.PATH}` } });

    test('a text and a larger report go through, and what is not sealed is refused', async () => {
      const page = await plainPage(started);
      const url = `${drop.server.url}/plain`;
      const language = name === 'chromium' ? 'en' : 'zh-Hans';
      for (const [n, bytes] of [['text', Buffer.from('For nobody but you: 阀门.')], ['large', Buffer.alloc(700_000, 'evidence ')]]) {
        await page.open(url);
        assert.equal(await page.count('script, textarea, input:not([type=file])'), 0);
        const folder = path.join(drop.reviewer.folder, `${name}-${n}`);
        await mkdir(folder);
        const step = async (id) => {
          const result = await shell(folder, await page.text(`${id}-${language}`));
          assert.equal(result.code, 0, `${id}: ${result.stderr}`);
          return result.stdout;
        };
        await step('folder');
        await writeFile(path.join(folder, 'report', 'what happened.txt'), bytes);
        await step('pack');
        const said = await step('pad');
        assert.equal(said.includes('larger'), n === 'large');
        if (n === 'large') await step('pad-larger');
        await step('recipients');
        await step('seal');
        await page.choose(`file-${language}`, path.join(folder, 'report.age'));
        await page.send(`send-${language}`);
        assert.deepEqual(await page.headings(), ['The sealed file has arrived', '密封好的文件已送达']);
        assert.equal(page.url(), url);

        await drop.reviewer.run(['sync']);
        const { reports } = await drop.reviewer.json(['inbox']);
        const fresh = reports.filter((r) => r.state.startsWith('new'));
        assert.equal(fresh.length, 1, JSON.stringify(reports));
        assert.match(await drop.reviewer.run(['inbox']), /new, plain/);
        const out = path.join(folder, 'out');
        assert.match(await drop.reviewer.run(['open', fresh[0].handle, '--out', out]), /a plain file, unsigned/);
        assert.deepEqual(await readFile(path.join(out, 'plain-report')), await readFile(path.join(folder, 'report.tar')));
        assert.equal((await run('tar', ['xf', 'plain-report'], { cwd: out })).code, 0);
        assert.deepEqual(await readFile(path.join(out, 'report', 'what happened.txt')), bytes);
        // Nobody's name, number or clock went with it.
        assert.match((await run('tar', ['--list', '--verbose', '--utc', '--full-time', '-f', 'plain-report'], { cwd: out })).stdout, /^(\S+ 0\/0 +\d+ 1970-01-01 00:00:01 report\/.*\n)+$/);
      }
      const wrong = path.join(drop.reviewer.folder, `${name}-text`, 'report.tar');
      await page.open(url);
      await page.choose(`file-${language}`, wrong);
      await page.send(`send-${language}`);
      assert.deepEqual(await page.headings(), ['This was not sent', '没有发送']);
      await drop.reviewer.run(['sync']);
      assert.equal((await drop.reviewer.json(['inbox'])).reports.length, 2);
      await page.close();
    });
  });
}
