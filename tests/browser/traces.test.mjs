// What a whole visit leaves and asks for: no other request than the page and its API, nothing stored, no word of complaint in the
// console; and what the page's policy keeps from happening, should anything hostile ever get into it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { file, sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { delivered, open, press, returnWith, screen, takeWords, write } from './lib/source.mjs';

const ALLOWED = [
  /^GET \/$/, /^GET \/api\/v1\/(roster|ticket|dead-drops)$/, /^GET \/api\/v1\/dead-drops\/\d{4}-\d\d-\d\d\/\d+$/, /^PUT \/api\/v1\/reports\/[0-9a-f]{32}(\/parts\/\d+)?$/,
  /^POST \/api\/v1\/reports\/[0-9a-f]{32}\/commit$/,
];

/** Features that the policy denies and this build of the browser does not have at all. */
const NOT_OURS = /Permissions-Policy header: Unrecognized feature/;

test('the page is sent with a policy of hashes alone, and asks no browser to keep it', async () => {
  const answer = await fetch((await sharedDrop()).server.url);
  const policy = answer.headers.get('content-security-policy');
  const directives = Object.fromEntries(policy.split('; ').map((d) => [d.split(' ')[0], d.split(' ').slice(1)]));
  assert.deepEqual(directives['default-src'], ["'none'"]);
  for (const name of ['script-src', 'style-src']) {
    assert.equal(directives[name].length, 1);
    assert.match(directives[name][0], /^'sha256-[A-Za-z0-9+/]{43}='$/);
  }
  for (const name of ['form-action', 'base-uri', 'frame-ancestors', 'trusted-types']) assert.deepEqual(directives[name], ["'none'"]);
  assert.deepEqual(directives['connect-src'], ["'self'"]);
  assert.deepEqual(directives['require-trusted-types-for'], ["'script'"]);
  assert.doesNotMatch(policy, /unsafe|nonce|\*|https?:/);
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin');
  for (const name of ['set-cookie', 'etag', 'last-modified', 'server', 'link', 'report-to', 'nel']) assert.equal(answer.headers.get(name), null);
});

for (const { name, skip } of BROWSERS) {
  describe(`traces, ${name}`, { skip }, () => {
    let drop;
    before(async () => { drop = await sharedDrop(); });

    test('a report and a check: only the API is asked, nothing is stored, nothing complains', async () => {
      const host = await hostileHost(drop.server.port);
      const page = await (await sharedBrowser(name)).page();
      const said = [];
      const asked = new Set();
      page.on('console', (message) => NOT_OURS.test(message.text()) || said.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => said.push(`error: ${error}`));
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.evaluateOnNewDocument(() => {
        addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
      });
      try {
        await open(page, `${host.url}/${new URL(drop.link).hash}`);
        const words = await takeWords(page);
        await write(page, { message: `No trace of ${name}.`, files: [await file(`trace-${name}.txt`, name)] });
        await delivered(page);
        await page.reload();
        await returnWith(page, words);

        assert.deepEqual(host.requests.filter((line) => !ALLOWED.some((pattern) => pattern.test(line))), []);
        assert.ok(host.requests.filter((line) => line.startsWith('PUT')).length === 2, host.requests.join('\n'));
        assert.deepEqual([...asked].filter((origin) => origin !== host.url && origin !== 'null'), []);
        const kept = await page.evaluate(async () => ({
          cookie: document.cookie,
          local: localStorage.length,
          session: sessionStorage.length,
          databases: (await indexedDB.databases()).length,
          caches: 'caches' in window ? (await caches.keys()).length : 0,
          workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
          history: JSON.stringify(history.state),
          name: window.name,
        }));
        assert.deepEqual(kept, { cookie: '', local: 0, session: 0, databases: 0, caches: 0, workers: 0, history: 'null', name: '' });
        assert.deepEqual(said, []);
      } finally {
        await page.close();
        await host.close();
      }
    });

    test('markup, scripts, styles, pictures and forms that got into the page would do nothing', async () => {
      const page = await (await sharedBrowser(name)).page();
      await open(page, drop.link);
      await screen(page, 'start');
      // In a task of the page's own: what DevTools runs may evaluate whatever the policy says.
      const outcome = await page.evaluate(() => new Promise((done) => setTimeout(async () => {
        const tried = (action) => {
          try {
            return action();
          } catch (e) {
            return e.name;
          }
        };
        const div = document.createElement('div');
        document.body.append(div);
        const script = document.createElement('script');
        script.append('window.ran = true');
        tried(() => document.body.append(script));
        div.setAttribute('style', 'position: fixed');
        const away = (url) => fetch(url, { mode: 'no-cors' }).then(() => 'sent', () => 'kept');
        const picture = new Promise((resolve) => {
          const image = new Image();
          image.onload = () => resolve('loaded');
          image.onerror = () => resolve('kept');
          image.src = '/api/v1/roster';
        });
        done({
          markup: tried(() => (div.innerHTML = '<b>bold</b>')),
          written: tried(() => document.write('x')),
          evaluated: tried(() => eval('1 + 1')),
          made: tried(() => new Function('return 1')()),
          timer: tried(() => setTimeout('window.ran = true', 0)) === 'TypeError',
          policy: tried(() => trustedTypes.createPolicy('default', { createHTML: (x) => x })),
          ran: window.ran === true,
          styled: getComputedStyle(div).position,
          away: await away('http://127.0.0.1:9/'),
          picture: await picture,
        });
      }, 0)));
      assert.deepEqual(outcome, {
        markup: 'TypeError', written: 'TypeError', evaluated: 'EvalError', made: 'EvalError', timer: true, policy: 'TypeError',
        ran: false, styled: 'static', away: 'kept', picture: 'kept',
      });
      await page.close();
    });
  });
}
