// What most tests share, so that the suite stays short: two drops and one browser of each kind, started when first asked for.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { launch } from './browsers.mjs';
import { newDrop } from './drop.mjs';

const made = [];
const started = new Map();

/** What `start` makes, once; removed again when all tests have run. */
function once(name, start, end) {
  if (!started.has(name)) {
    const promise = start();
    started.set(name, promise);
    made.push(async () => end(await promise));
  }
  return started.get(name);
}

after(async () => {
  for (const end of made.reverse()) await end().catch(() => {});
});

/** A drop without a form of its own, reached under any port of localhost, by name or number. */
export const sharedDrop = () =>
  once('drop', () => newDrop({ settings: { 'Source:Hosts:0': 'localhost', 'Source:Hosts:1': '127.0.0.1' } }), (drop) => drop.remove());

/** A drop with categories, questions, channels and a notice. */
export const richDrop = () => once('rich', () => newDrop({ settings: { 'Source:Hosts:0': 'localhost' }, draft: richDraft }), (drop) => drop.remove());

/** One browser of a kind; a test opens pages of its own in it, and closes them. */
export const sharedBrowser = (name) => once(name, () => launch(name), (browser) => browser.close());

/** A file with these bytes in a folder that goes in the end. */
export async function file(name, bytes) {
  const folder = await once('folder', () => mkdtemp(path.join(tmpdir(), 'securedrop-files-')), (it) => rm(it, { recursive: true, force: true }));
  const whole = path.join(folder, name);
  await writeFile(whole, bytes);
  return whole;
}

/** The draft of a roster with all that a form can have. */
export function richDraft(url) {
  return {
    name: { en: 'The Rich Paper', 'zh-Hans': '富报' },
    origins: [url],
    categories: [
      { id: 'money', label: { en: 'Money', 'zh-Hans': '钱' } },
      { id: 'safety', label: { en: 'Safety', 'zh-Hans': '安全' } },
    ],
    questions: [
      { id: 'where', label: { en: 'Where was it?', 'zh-Hans': '在哪里？' }, required: true },
      { id: 'who', label: { en: 'Who saw it?', 'zh-Hans': '谁看见了？' }, required: false },
    ],
    channels: [
      { kind: 'telephone', value: '+00 0000 0001', label: { en: 'Night desk', 'zh-Hans': '夜班' } },
      { kind: 'post', value: '1 Harbour Street', label: { en: 'Post' } },
    ],
    notices: [{ day: '2026-11-01', title: { en: 'New key', 'zh-Hans': '新密钥' }, text: { en: 'Compare it in print.', 'zh-Hans': '请与印刷品核对。' } }],
  };
}
