// What is left of a conversation, where somebody could take it: every word, name, address and id of it is one that stands nowhere else,
// and is then looked for in all that a program wrote. A source tells, with a file, is answered, comes back, reads and tells more, in a
// real browser; a reviewer reads and answers with the real tool; the server is the real one, told to say all that it can. Then:
// - the server's files, outputs and environment, and its memory once it is idle;
// - the browser's profile and all else that it wrote, when window and browser are closed;
// - the reviewer's disk, without the passphrase.
// That the search can find is shown each time: the same texts, where they must be. Of the kernel's memory, of swap, and of the time while
// a request is served nothing is said here; refused and malformed requests are memory.test.mjs's and SilenceTests'.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BROWSERS, KEEPING, launch } from './lib/browsers.mjs';
import { newDrop, openWithFiles } from './lib/drop.mjs';
import { identities, openedReports, reportOf } from './lib/keystore.mjs';
import { openForWriting, ownPlaces } from './lib/places.mjs';
import { foundInFiles, foundInMemory, formsOf, phrases, searcher } from './lib/search.mjs';
import { sentinels } from './lib/sentinels.mjs';
import { richDraft } from './lib/shared.mjs';
import { codenameKeys } from './lib/signing.mjs';
import { delivered, open, press, replies, returnWith, takeWords, type, write } from './lib/source.mjs';

/** Twice the sweeper's interval and a little. */
const IDLE_IN_MILLISECONDS = 45_000;

/** What asks a server of this kind to say more. */
const TALKATIVE = {
  Logging__LogLevel__Default: 'Trace', 'Logging__LogLevel__Microsoft.AspNetCore': 'Trace', Logging__Console__LogLevel__Default: 'Trace', Logging__Console__FormatterName: 'json',
  ASPNETCORE_ENVIRONMENT: 'Development', DOTNET_ENVIRONMENT: 'Development', ASPNETCORE_DETAILEDERRORS: 'true', ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true',
};

const SOURCES = BROWSERS.filter(({ name, skip }) => name !== 'firefox-safer' && !skip);

/**
 * What is found by more than chance: in the texts of programs, menus and word lists two words of a codename stand side by side in one
 * run of a hundred (measured); a second pair of it, or three words, do not.
 */
function beyondChance(found) {
  const pairs = new Set(found.map((said) => /words \d+ and \d+/.exec(said)?.[0]));
  pairs.delete(undefined);
  return pairs.size > 1 ? found : found.filter((said) => !/words \d+ and \d+/.test(said));
}

describe('what a conversation leaves', { skip: SOURCES.length === 0 && 'no browser is installed' }, () => {
  let folder;
  let drop;
  let lastRequest;
  const written = new Set();
  const sources = [];
  const at = (name) => path.join(folder, name);

  /** A page whose requests carry the source's headers; what of them is secret is noted. */
  async function visitor(source) {
    const page = await source.started.page();
    await page.setExtraHTTPHeaders(source.headers);
    page.on('request', (request) => {
      const id = /\/reports\/([0-9a-f]{32})/.exec(request.url())?.[1];
      const ticket = request.headers().ticket?.split('.')[0];
      if (id) source.asked.uploadId.push(Buffer.from(id, 'hex'));
      if (ticket) source.asked.ticket.push(ticket, Buffer.from(ticket, 'base64url').subarray(0, 16));
    });
    await open(page, drop.link);
    return page;
  }

  async function tell(source) {
    const page = await visitor(source);
    source.words = await takeWords(page);
    const file = at(source.said.fileName);
    await writeFile(file, source.said.content);
    await write(page, { message: source.said.message, answers: { 1: source.said.answer }, contact: source.said.contact, files: [file] });
    await delivered(page);
    await page.close();
  }

  async function comeBack(source) {
    const page = await visitor(source);
    await returnWith(page, source.words);
    const shown = (await replies(page)).join('\n');
    assert.ok(shown.includes(source.secret.reply[0]), shown);
    await press(page, 'write-again');
    await write(page, { message: source.said.followUp });
    await delivered(page);
    source.arrived = await whileServed(page, source);
    await page.close();
  }

  /** What of the headers is in the server's memory right after a request: none is lost on the way, and the search finds them. */
  async function whileServed(page, source) {
    const search = searcher(source.sent);
    const found = new Set();
    // A sweep may come between.
    for (let tries = 0; tries < 10 && found.size < Object.keys(source.sent).length; tries++) {
      await page.evaluate(() => fetch('/api/v1/roster').then((answer) => answer.text()));
      for (const said of foundInMemory(drop.server.pid, search).found) found.add(said.replace(/ \(.*/, ''));
    }
    return found;
  }

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'securedrop-forensics-'));
    for (const name of ['server', 'server/data', 'server/elsewhere', 'desk']) await mkdir(at(name));
    drop = await newDrop({
      folder: at('server/data'), cwd: at('server/elsewhere'), env: { ...TALKATIVE, ...ownPlaces(at('server/elsewhere')) }, draft: (url) => ({ ...richDraft(url), categories: [] }),
    });
    Object.assign(drop.reviewer.env, ownPlaces(at('desk')));
    const watch = setInterval(() => openForWriting(drop.server.pid).forEach((file) => written.add(file)), 250);
    try {
      for (const { name } of SOURCES) {
        const places = at(name);
        await mkdir(places);
        const started = await launch(name, { preferences: KEEPING, env: ownPlaces(places) });
        sources.push({ name, places, started, asked: { uploadId: [], ticket: [] }, ...sentinels() });
      }
      await Promise.all(sources.map(tell));
      const { reports } = JSON.parse((await drop.reviewer.run(['shell'], { input: 'sync --json\ninbox --json\n' })).replace(/^[^]*\n(?=\{)/, ''));
      for (const source of sources) {
        const { handle } = reports.find(({ firstWords }) => firstWords.includes(source.secret.message[0]));
        source.read = await openWithFiles(drop.reviewer, handle);
        await drop.reviewer.run(['reply', handle, '-'], { input: source.said.reply });
      }
      await Promise.all(sources.map(comeBack));
      await drop.reviewer.run(['sync']);
      lastRequest = Date.now();
      for (const source of sources) {
        // Last, so that where anything of the page was kept this would have been: in session files and for a crash.
        source.elsewhere = sentinels().secret.message[0];
        const other = await source.started.page();
        await other.goto('data:text/html,<textarea id=box></textarea>');
        await type(other, 'box', source.elsewhere);
        const control = searcher({ elsewhere: source.elsewhere });
        for (let tries = 0; tries < 40 && (await foundInFiles(source.started.profile, control)).length === 0; tries++) await setTimeout(500);
        await source.started.quit();
      }
    } finally {
      clearInterval(watch);
    }
    const keys = await identities(drop.reviewer);
    const dropKey = new URL(drop.link).hash.slice(1);
    const opened = await openedReports(drop.reviewer, keys);
    for (const source of sources) {
      const codename = await codenameKeys(source.words, dropKey);
      source.opened = opened.filter((archive) => reportOf(archive).conversation.signingKey === codename.signing.text);
      source.secret.codename = [source.words.join(' '), codename.entropy, codename.tag, codename.identity, ...phrases(source.words, 3).flat()];
      phrases(source.words, 2).forEach((pair, n) => (source.secret[`words ${n + 1} and ${n + 2}`] = pair));
      source.secret.conversation = source.opened.flatMap((archive) => {
        const { id, conversation } = reportOf(archive);
        return [Buffer.from(id, 'hex'), conversation.recipient, codename.signing.bytes];
      });
    }
    drop.reviewer.secret = [...keys, (await readFile(drop.reviewer.env.SECUREDROP_PASSPHRASE_FILE, 'utf8')).trimEnd()];
  });

  after(async () => {
    for (const { started } of sources) await started.close();
    await drop?.remove();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** All sources' secrets of these kinds, each under its browser's name. */
  const all = (...kinds) => Object.fromEntries(sources.flatMap((source) => kinds.flatMap((kind) => Object.entries(source[kind]).map(([name, secret]) => [`${source.name}'s ${name}`, secret]))));

  test('the search finds every form of every secret, in files, in their names, and in what was sealed once it is opened', async () => {
    const planted = at('planted');
    await mkdir(planted);
    const search = searcher(all('secret', 'sent', 'asked'));
    for (const [name, secrets] of Object.entries(all('secret', 'sent', 'asked'))) {
      for (const secret of [secrets].flat()) {
        const forms = formsOf(secret);
        await writeFile(path.join(planted, 'file'), Buffer.concat(forms.flatMap(([, bytes]) => [Buffer.from('\xffé–'), bytes, Buffer.from('\xff泄')])));
        const found = await foundInFiles(planted, search);
        assert.deepEqual(forms.filter(([form]) => !found.includes(`file: ${name} (${form})`)), []);
      }
    }
    for (const source of sources) {
      assert.ok(new Set(source.asked.ticket).size >= 6 && new Set(source.asked.uploadId.map(String)).size === 3, 'an upload was not seen');
      await writeFile(path.join(planted, 'file'), Buffer.concat(source.opened));
      const found = await foundInFiles(planted, searcher(source.secret));
      for (const name of ['message', 'answer', 'contact', 'fileName', 'content', 'followUp', 'conversation']) assert.ok(found.some((said) => said.startsWith(`file: ${name} (`)), name);
      assert.equal(source.opened.length, 2);
      assert.equal(source.read.opened.text, source.said.message);
      assert.deepEqual(source.read.files, [source.said.content]);
    }
    await writeFile(path.join(planted, sources[0].secret.contact[0]), '');
    assert.match((await foundInFiles(planted, search)).join(), /contact \(bytes\)/);
  });

  for (const { name } of SOURCES) {
    test(`the profile of ${name}, closed, holds the address of the page and nothing that was said on it`, async () => {
      const source = sources.find((it) => it.name === name);
      for (const [what, text] of Object.entries({ elsewhere: source.elsewhere, address: `localhost:${drop.server.port}` })) {
        assert.notDeepEqual(await foundInFiles(source.started.profile, searcher({ [what]: text })), [], `${what} is not kept: this test shows nothing`);
      }
      const search = searcher({ ...source.secret, ...source.asked });
      for (const place of [source.started.profile, source.places]) assert.deepEqual(beyondChance(await foundInFiles(place, search)), []);
    });
  }

  test('the reviewer\'s disk holds what it says in its index, sealed, and nothing of it in the clear', async () => {
    const search = searcher({ ...all('secret', 'sent', 'asked'), reviewer: drop.reviewer.secret });
    for (const place of [drop.reviewer.home, at('desk')]) assert.deepEqual(beyondChance(await foundInFiles(place, search)), []);
  });

  test('the server\'s files, outputs and environment hold nothing that a visit brought', async () => {
    const search = searcher(all('secret', 'sent', 'asked'));
    assert.ok(written.size > 0, 'no file was seen open: this test shows nothing');
    assert.deepEqual([...written].filter((file) => !file.startsWith(at('server'))), []);
    assert.deepEqual(beyondChance(await foundInFiles(at('server'), search)), []);
    assert.deepEqual([...search.in(Buffer.from(drop.server.printed()))], []);
    for (const file of ['environ', 'cmdline']) assert.deepEqual([...search.in(readFileSync(`/proc/${drop.server.pid}/${file}`))], []);
    assert.match(drop.server.printed(), /^warning: replies are published at once .*\nsetup-token: \S+\nsource: \S+\nreviewer: \S+\n$/);
  });

  test('the server\'s memory, once it is idle, holds nothing that a visit brought', async (t) => {
    for (const source of sources) assert.deepEqual([...source.arrived].sort(), Object.keys(source.sent).sort(), 'not seen right after the visit: this test shows nothing');
    await setTimeout(Math.max(0, lastRequest + IDLE_IN_MILLISECONDS - Date.now()));
    const { found, sizeInBytes } = foundInMemory(drop.server.pid, searcher(all('secret', 'sent', 'asked')));
    t.diagnostic(`${sizeInBytes >> 20} MiB searched`);
    assert.deepEqual(beyondChance(found), []);
  });
});
