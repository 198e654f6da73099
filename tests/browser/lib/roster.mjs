// A drop that exists in a test alone: its keys are the test's, so that it can publish what no tool of the project would sign.
import { createHash } from 'node:crypto';
import { pagePackage, signingKey } from './signing.mjs';

const DAY_IN_MILLISECONDS = 86_400_000;

/** The day (UTC) so many days from now, as the formats spell it. */
export const dayFromNow = (days) => new Date(Date.now() + days * DAY_IN_MILLISECONDS).toISOString().slice(0, 10);

export async function recipientKey() {
  const { generateHybridIdentity, identityToRecipient } = await pagePackage('age-encryption');
  return identityToRecipient(await generateHybridIdentity());
}

/** Reviewers with keys of their own, named so, and a roster that names them; `origin` is where it says it is reached. */
export async function madeUpDrop({ names = ['Ana', 'Ben', 'Cem'], origin }) {
  const drop = signingKey();
  const reviewers = [];
  for (const name of names) {
    reviewers.push({ name, signing: signingKey(), session: signingKey(), recipient: await recipientKey() });
  }
  const roster = (changes = {}) => ({
    format: 'securedrop-roster/1',
    requires: [],
    dropKey: drop.text,
    name: { en: 'The Made-Up Paper', 'zh-Hans': '虚构报' },
    version: 1,
    issued: dayFromNow(0),
    expires: dayFromNow(90),
    origins: [origin],
    reviewers: reviewers.map(({ name, signing, session, recipient }) => ({
      name: { en: name }, signingKey: signing.text, sessionKey: session.text, recipient: { key: recipient, lastDay: dayFromNow(90) },
    })),
    former: [],
    form: { categories: [], questions: [] },
    channels: [{ kind: 'telephone', value: '+00 0000 0007', label: { en: 'Night desk' } }],
    notices: [],
    shardBits: 0,
    ...changes,
  });
  /** The answer of the roster's route, as a server would give it; `more` changes its members. */
  const answer = (object, more = {}) => {
    const text = typeof object === 'string' ? object : JSON.stringify(object);
    return { dropKey: drop.text, successors: [], roster: text, signature: drop.sign('roster', text), recipients: [], ...more };
  };
  return { drop, reviewers, roster, answer, link: `${origin}/#${drop.text}` };
}

/** A reviewer's statement of its own next recipient, signed by `by`. */
export function recipientStatement(dropKey, reviewer, key, { serial = 1, by = reviewer.signing, days = [0, 7] } = {}) {
  const statement = JSON.stringify({
    format: 'securedrop-recipient/1', dropKey, signingKey: reviewer.signing.text, serial,
    recipient: { key, firstDay: dayFromNow(days[0]), lastDay: dayFromNow(days[1]) },
  });
  return { statement, signature: by.sign('recipient', statement) };
}

/** A drop key's word that `to` signs from now on. */
export function successor(from, to, by = from) {
  const statement = JSON.stringify({ format: 'securedrop-successor/1', from: from.text, to: to.text });
  return { statement, signature: by.sign('successor', statement) };
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
