// Without this software: stock age opens what the page sealed, stock tar unpacks it, stock minisign accepts report and roster.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { launch } from './lib/browsers.mjs';
import { ROOT, newDrop, run } from './lib/drop.mjs';
import { delivered, open, takeWords, write } from './lib/source.mjs';

const AGE = path.join(ROOT, '../shared/bin/age');
const missing = [['the optional stock program age 1.3', AGE], ['minisign', '/usr/bin/minisign'], ['chromium', '/usr/bin/chromium']]
  .filter(([, file]) => !existsSync(file)).map(([name]) => `${name} is not there`);

/** As docs/reviewing.md says: the keystore is an age file under the passphrase, and keys stand in it in age's spelling. */
async function identities(reviewer) {
  const { Decrypter } = await import(createRequire(path.join(ROOT, 'server/Web/package.json')).resolve('age-encryption'));
  const decrypter = new Decrypter();
  decrypter.addPassphrase((await readFile(reviewer.env.SECUREDROP_PASSPHRASE_FILE, 'utf8')).trimEnd());
  const keystore = await decrypter.decrypt(await readFile(path.join(reviewer.home, 'keystore.age')), 'text');
  return keystore.match(/AGE-SECRET-KEY-PQ-1[0-9A-Z]*/g).join('\n');
}

async function must(command, args, options) {
  const result = await run(command, args, options);
  assert.equal(result.code, 0, `${path.basename(command)} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

test('age -d, tar x and minisign -V open and accept what the page sealed', { skip: missing.join('; ') || false }, async () => {
  const drop = await newDrop();
  const browser = await launch('chromium');
  try {
    const bytes = randomBytes(300_001);
    const file = path.join(drop.reviewer.folder, 'evidence.bin');
    await writeFile(file, bytes);
    const page = await browser.page();
    await open(page, drop.link);
    await takeWords(page);
    await write(page, { message: 'For stock tools: 阀门.', files: [file] });
    await delivered(page);
    await drop.reviewer.run(['sync']);

    const work = path.join(drop.reviewer.folder, 'stock');
    await mkdir(work);
    const name = (await readdir(drop.reviewer.home, { recursive: true })).find((n) => n.startsWith('reports') && n.endsWith('.age'));
    await writeFile(path.join(work, 'key.txt'), await identities(drop.reviewer), { mode: 0o600 });
    await must(AGE, ['-d', '-i', 'key.txt', '-o', 'report.tar', path.join(drop.reviewer.home, name)], { cwd: work });
    await must('tar', ['xf', 'report.tar'], { cwd: work });
    assert.deepEqual(await readFile(path.join(work, 'attachments/0001')), bytes);
    const report = JSON.parse(await readFile(path.join(work, 'report.json'), 'utf8'));
    assert.equal(report.message, 'For stock tools: 阀门.');
    assert.equal(report.attachments[0].name, 'evidence.bin');

    const accepts = async (key, signed, trustedComment) =>
      assert.match(await must('minisign', ['-V', '-P', key, '-m', signed]), new RegExp(`Trusted comment: securedrop/1 ${trustedComment}\n`));
    await accepts(report.conversation.signingKey, path.join(work, 'report.json'), 'report');
    await accepts(new URL(drop.link).hash.slice(1), path.join(drop.reviewer.home, 'roster.json'), 'roster');
  } finally {
    await browser.close();
    await drop.remove();
  }
});
