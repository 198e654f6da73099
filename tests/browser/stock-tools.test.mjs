// Without this software: stock age opens what the page sealed and what is answered, stock tar unpacks it, stock minisign accepts
// report, roster and reply.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { launch } from './lib/browsers.mjs';
import { ROOT, newDrop, received, run } from './lib/drop.mjs';
import { identities } from './lib/keystore.mjs';
import { codenameKeys } from './lib/signing.mjs';
import { slotsOf } from './lib/slots.mjs';
import { delivered, open, takeWords, write } from './lib/source.mjs';

const AGE = path.join(ROOT, '../shared/bin/age');
const missing = [['the optional stock program age 1.3', AGE], ['minisign', '/usr/bin/minisign'], ['chromium', '/usr/bin/chromium']]
  .filter(([, file]) => !existsSync(file)).map(([name]) => `${name} is not there`);

async function must(command, args, options) {
  const result = await run(command, args, options);
  assert.equal(result.code, 0, `${path.basename(command)} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

test('age -d, tar x and minisign -V open and accept what the page sealed, and the answer', { skip: missing.join('; ') || false }, async () => {
  const drop = await newDrop();
  const browser = await launch('chromium');
  try {
    const bytes = randomBytes(300_001);
    const file = path.join(drop.reviewer.folder, 'evidence.bin');
    await writeFile(file, bytes);
    const page = await browser.page();
    await open(page, drop.link);
    const words = await takeWords(page);
    await write(page, { message: 'For stock tools: 阀门.', files: [file] });
    await delivered(page);
    await drop.reviewer.run(['sync']);

    const work = path.join(drop.reviewer.folder, 'stock');
    await mkdir(work);
    const name = (await readdir(drop.reviewer.home, { recursive: true })).find((n) => n.startsWith('reports') && n.endsWith('.age'));
    await writeFile(path.join(work, 'key.txt'), (await identities(drop.reviewer)).join('\n'), { mode: 0o600 });
    await must(AGE, ['-d', '-i', 'key.txt', '-o', 'report.tar', path.join(drop.reviewer.home, name)], { cwd: work });
    await must('tar', ['xf', 'report.tar'], { cwd: work });
    assert.deepEqual(await readFile(path.join(work, 'attachments/0001')), bytes);
    const report = JSON.parse(await readFile(path.join(work, 'report.json'), 'utf8'));
    assert.equal(report.message, 'For stock tools: 阀门.');
    assert.equal(report.attachments[0].name, 'evidence.bin');

    const accepts = async (key, signed, trustedComment) =>
      assert.match(await must('minisign', ['-V', '-P', key, '-m', signed]), new RegExp(`Trusted comment: securedrop/1 ${trustedComment}\n`));
    await accepts(report.conversation.signingKey, path.join(work, 'report.json'), 'report');
    const dropKey = new URL(drop.link).hash.slice(1);
    await accepts(dropKey, path.join(drop.reviewer.home, 'roster.json'), 'roster');

    // The answer, as a source would come by it: the words give the keys, a HMAC finds the slot among the day's.
    const { handle } = await received(drop.reviewer, 'For stock tools');
    await drop.reviewer.run(['reply', handle, '-'], { input: 'Which valve? 哪个阀门？' });
    const keys = await codenameKeys(words, dropKey);
    assert.equal(keys.signing.text, report.conversation.signingKey);
    const { server } = drop;
    const [{ day }] = await (await fetch(`${server.url}/api/v1/dead-drops`)).json();
    const mine = slotsOf(keys, Buffer.from(await (await fetch(`${server.url}/api/v1/dead-drops/${day}/0`)).arrayBuffer()));
    assert.equal(mine.length, 1);
    await writeFile(path.join(work, 'codename.txt'), `${keys.identity}\n`, { mode: 0o600 });
    await writeFile(path.join(work, 'reply.age'), mine[0]);
    await must(AGE, ['-d', '-i', 'codename.txt', '-o', 'reply.tar', 'reply.age'], { cwd: work });
    await must('tar', ['xf', 'reply.tar'], { cwd: work });
    const reply = JSON.parse(await readFile(path.join(work, 'reply.json'), 'utf8'));
    assert.equal(reply.message, 'Which valve? 哪个阀门？');
    const roster = JSON.parse(await readFile(path.join(drop.reviewer.home, 'roster.json'), 'utf8'));
    await accepts(roster.reviewers[0].signingKey, path.join(work, 'reply.json'), 'reply');
    const changed = path.join(work, 'reply.json');
    await writeFile(changed, JSON.stringify({ ...reply, message: 'Never mind.' }));
    assert.notEqual((await run('minisign', ['-V', '-P', roster.reviewers[0].signingKey, '-m', changed])).code, 0);
  } finally {
    await browser.close();
    await drop.remove();
  }
});
