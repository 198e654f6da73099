// Every screen of the page in turn, each as full as it gets: for what must hold on all of them.
import { randomBytes } from 'node:crypto';
import { dayFromNow, madeUpDrop } from './roster.mjs';
import { file } from './shared.mjs';
import { codenameKeys, signingKey } from './signing.mjs';
import { replyTo, slot, SLOT_IN_BYTES } from './slots.mjs';
import { addFiles, delivered, discard, enterWords, hurry, open, press, screen, takeWords, type } from './source.mjs';

const WORDS = [...Array(11).fill('abandon'), 'about'];
const NOBODYS = [...Array(11).fill('zoo'), 'wrong'];
const ROSTER = '/api/v1/roster';
/** Nothing in it breaks by itself. */
const LONG_NAME = `scan-${'0123456789'.repeat(8)}.jpg`;

const FORM = {
  categories: [
    { id: 'money', label: { en: 'Money that is missing or was never there', 'zh-Hans': '钱' } },
    { id: 'safety', label: { en: 'Safety', 'zh-Hans': '安全' } },
  ],
  questions: [{ id: 'where', label: { en: 'Where was it?', 'zh-Hans': '在哪里？' }, required: true }],
};

/** The answers of a host for a drop with reviewers, a form, channels, a notice, and replies for one codename. */
export async function staged(host) {
  const made = await madeUpDrop({ origin: host.url, names: ['Ana', 'Ben', 'Cem'] });
  const { drop, reviewers: [ana, ben] } = made;
  const keys = await codenameKeys(WORDS, drop.text);
  const say = (reviewer, ago, message, more = {}) =>
    slot(keys, replyTo(drop.text, keys, { day: dayFromNow(-ago), message, ...more }), reviewer.signing);
  const slots = [
    await say(ana, 2, '', { kind: 'receipt' }),
    await say(ben, 2, `We read it. Which valve was it?\n\nhttps://example.org/${'a-very-long-address-'.repeat(6)}`),
    await say(ana, 1, 'The first part.', { id: randomBytes(16).toString('hex'), parts: 2 }),
    await slot(keys, replyTo(drop.text, keys, { day: dayFromNow(-1) }), signingKey()),
  ];
  const day = dayFromNow(-1);
  const notices = [{ day, title: { en: 'A new reviewer', 'zh-Hans': '新的审阅人' }, text: { en: 'Cem reads here since Monday.', 'zh-Hans': '从周一起，Cem 也在这里看信。' } }];
  const full = { form: FORM, notices };
  const answers = {
    [ROSTER]: JSON.stringify(made.answer(made.roster(full))),
    '/api/v1/dead-drops': JSON.stringify([{ day, shardBits: 0, bytes: [slots.length * SLOT_IN_BYTES] }]),
    [`/api/v1/dead-drops/${day}/0`]: Buffer.concat(slots),
  };
  const fewer = made.roster({ ...full, version: 2 });
  fewer.reviewers.pop();
  return {
    made, answers, fewer: JSON.stringify(made.answer(fewer)),
    expired: JSON.stringify(made.answer(made.roster({ ...full, issued: dayFromNow(-91), expires: dayFromNow(-1) }))),
    forged: JSON.stringify(made.answer(made.roster(full), { signature: '' })),
  };
}

/** Calls `at(page, name)` on every screen as it stands; the host is this tour's alone. `newPage` opens a page in some browser. */
export async function tour(newPage, host, at) {
  const { made, answers, fewer, expired, forged } = await staged(host);
  Object.assign(host.state.answers, answers);
  let page = await newPage();
  await hurry(page);
  page.on('dialog', (dialog) => void dialog.accept()); // "what you typed will be lost"
  const show = async (name, wanted = name) => {
    await page.waitForSelector(`#main[data-screen=${wanted}]`, { timeout: 30_000 });
    await at(page, name);
  };
  const again = async (link = made.link) => {
    await page.goto('about:blank');
    await open(page, link);
  };

  await open(page, made.link);
  await show('start');
  await again(`${host.url.replace('localhost', '127.0.0.1')}/`);
  await show('start, nothing vouched for', 'start');
  await again();
  await screen(page, 'start');
  await press(page, 'write');
  await show('codename');
  await press(page, 'next');
  await show('confirm');
  await type(page, 'confirm-1', 'nonsense');
  await press(page, 'next');
  await show('confirm, wrong', 'confirm');
  await again();
  await takeWords(page);
  await show('report');
  await press(page, 'send');
  await show('report, wrong', 'report');
  await press(page, 'category-1');
  await type(page, 'question-1', 'Hall 3');
  await type(page, 'message', 'The valve leaks.');
  await addFiles(page, await file(LONG_NAME, randomBytes(2_000_000)), await file('letter.docx', 'x'), await file('阀门.bin', 'x'));
  await press(page, 'remove-3');
  await show('report, filled', 'report');
  host.state.hold = /ticket/;
  await press(page, 'send');
  await host.held();
  await show('sending');
  await press(page, 'cancel');
  host.release();
  await show('problem');
  host.state.answers[ROSTER] = fewer;
  await press(page, 'edit');
  await press(page, 'send');
  await show('changed');
  await press(page, 'agree');
  await delivered(page);
  await show('done');

  await again();
  await screen(page, 'start');
  await press(page, 'have-words');
  await show('words');
  await type(page, 'word-1', 'ab');
  await page.keyboard.press('ArrowDown');
  await show('words, to choose from', 'words');
  await page.keyboard.press('Enter');
  await press(page, 'check-replies');
  await show('words, wrong', 'words');
  for (const [name, words] of [['conversation', WORDS], ['conversation, nothing', NOBODYS]]) {
    await again();
    await screen(page, 'start');
    await press(page, 'have-words');
    await enterWords(page, words);
    await press(page, 'check-replies');
    await show(name, 'conversation');
  }

  host.state.answers[ROSTER] = forged;
  await again();
  await show('refused');
  host.state.answers[ROSTER] = expired;
  await again();
  await show('closed');
  host.state.answers[ROSTER] = null;
  host.state.busy = /roster/;
  await again();
  await show('busy');
  host.state.busy = null;
  host.state.refused = { line: /roster/, status: 503, title: 'This drop is not set up yet.', type: 'urn:securedrop:not-set-up' };
  await again();
  await show('not-set-up');
  host.state.refused = null;
  host.state.broken = /roster/;
  await again();
  await show('unreachable');
  host.state.broken = null;
  await discard(page);

  page = await newPage();
  await page.evaluateOnNewDocument(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
  await open(page, made.link);
  await show('too-old');
  await discard(page);
}
