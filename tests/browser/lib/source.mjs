// A source's steps on the page, by the ids of server/Web/src/ui/ids.ts. Nothing here reaches into the page's code: it clicks,
// types and reads as a person does.
import assert from 'node:assert/strict';

const text = (page, id) => page.$eval(`#${id}`, (e) => e.textContent.trim());

/** Waits until the page shows one of the named screens; answers which. An unexpected problem is reported with its words. */
export async function screen(page, ...names) {
  const handle = await page.waitForFunction(
    (wanted) => {
      const name = document.querySelector('#main')?.dataset.screen;
      return name && (wanted.includes(name) || ['problem', 'refused', 'unreachable', 'busy'].includes(name)) ? name : false;
    },
    { timeout: 90_000 },
    names,
  ).catch(async (error) => {
    const shown = await page.$eval('#main', (e) => `${e.dataset.screen}: ${e.innerText}`).catch(() => 'nothing that answers');
    throw new Error(`waited for the screen ${names.join(' or ')}; what stands there is ${shown}`, { cause: error });
  });
  const name = await handle.jsonValue();
  if (!names.includes(name)) assert.fail(`wanted the screen ${names.join(' or ')}, got ${name}: ${await page.$eval('#main', (e) => e.innerText)}`);
  return name;
}

export async function open(page, url) {
  await page.goto(url, { waitUntil: 'load' });
}

async function press(page, id) {
  await page.waitForSelector(`#${id}:not([disabled])`);
  await page.$eval(`#${id}`, (e) => e.scrollIntoView({ block: 'center' }));
  await page.click(`#${id}`);
}

async function type(page, id, value) {
  await page.waitForSelector(`#${id}`);
  await page.focus(`#${id}`);
  await page.keyboard.type(value);
}

/** From the start to the report's form: reads the words as shown and types back those asked for. */
export async function takeWords(page, { otherSpelling = false } = {}) {
  await screen(page, 'start');
  await press(page, 'write');
  await screen(page, 'codename');
  if (otherSpelling) await press(page, 'words-language');
  const words = await page.$$eval('#words li', (items) => items.map((e) => e.textContent.replace(/[0-9.\s]/g, '')));
  assert.equal(words.length, 12);
  await press(page, 'next');
  await screen(page, 'confirm');
  for (const n of [1, 2, 3]) {
    const position = await page.$eval(`#confirm-${n}`, (e) => Number(e.dataset.position));
    await type(page, `confirm-${n}`, words[position - 1]);
  }
  await press(page, 'next');
  await screen(page, 'report');
  return words;
}

/** Fills the form and sends. `files` are paths. */
export async function write(page, { message, files = [], contact, category, answers = {} }) {
  await screen(page, 'report');
  if (category !== undefined) await press(page, `category-${category}`);
  for (const [n, answer] of Object.entries(answers)) await type(page, `question-${n}`, answer);
  await type(page, 'message', message);
  if (files.length) await addFiles(page, ...files);
  if (contact !== undefined) await type(page, 'contact', contact);
  await press(page, 'send');
}

export async function addFiles(page, ...files) {
  const before = (await page.$$('#file-list li')).length;
  const input = await page.$('#files');
  await input.uploadFile(...files);
  await page.waitForFunction((n) => document.querySelectorAll('#file-list li').length === n, {}, before + files.length);
}

/** Makes the page's pauses of 2 to 40 seconds (before it tries again by itself) a twentieth as long. Before `open`. */
export async function hurry(page) {
  await page.evaluateOnNewDocument(() => {
    const { setTimeout } = window;
    window.setTimeout = (call, wait, ...more) => setTimeout(call, wait >= 2000 && wait <= 40000 ? wait / 20 : wait, ...more);
  });
}

/** Lets the browser's clock stand so many days from now. Before `open`. */
export async function daysFromNow(page, days) {
  await page.evaluateOnNewDocument((milliseconds) => {
    const True = Date;
    window.Date = class extends True {
      constructor(...given) {
        super(...(given.length ? given : [True.now() + milliseconds]));
      }
      static now() {
        return True.now() + milliseconds;
      }
    };
  }, days * 86_400_000);
}

/** Waits for the screen that says what went wrong; answers what it says. */
export async function problem(page) {
  await screen(page, 'problem');
  return text(page, 'reason');
}

export const value = (page, id) => page.$eval(`#${id}`, (e) => e.value);

/** Closes without the question about unsaved text. */
export const discard = (page) => page.close({ runBeforeUnload: false });

export async function delivered(page) {
  await screen(page, 'done');
}

/** From the start with twelve words to the conversation. */
export async function returnWith(page, words) {
  await screen(page, 'start');
  await press(page, 'have-words');
  await enterWords(page, words);
  await press(page, 'check-replies');
  await screen(page, 'conversation');
}

export async function enterWords(page, words) {
  await screen(page, 'words');
  for (const [i, word] of words.entries()) await type(page, `word-${i + 1}`, word);
}

export async function replies(page) {
  return page.$$eval('#replies li', (items) => items.map((e) => e.innerText));
}

export { press, type, text };
