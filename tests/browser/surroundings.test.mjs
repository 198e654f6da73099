// What the start says of where somebody is: inside an app that can read along, at an address that is not the drop's, without Tor.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './lib/browsers.mjs';
import { hostileHost } from './lib/proxy.mjs';
import { sharedBrowser, sharedDrop } from './lib/shared.mjs';
import { open, press, screen, text } from './lib/source.mjs';

const { name, skip } = BROWSERS[0];
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';

describe('surroundings', { skip }, () => {
  let drop;
  let host;
  before(async () => {
    drop = await sharedDrop();
    host = await hostileHost(drop.server.port);
  });
  after(() => host?.close());

  for (const [app, zh, agent] of [
    ['WeChat', '微信', `${PHONE} MicroMessenger/8.0.50(0x18003230) NetType/WIFI Language/zh_CN`],
    ['QQ', 'QQ', `${PHONE} QQ/9.0.1.612 V1_IPH_SQ_9.0.1`],
    ['Weibo', '微博', `${PHONE} Weibo (iPhone15,2__weibo__14.1.0__iphone__os18.0)`],
    ['Facebook', 'Facebook', `${PHONE} [FBAN/FBIOS;FBAV/450.0.0.38.108]`],
    ['Instagram', 'Instagram', `${PHONE} Instagram 350.0.0.20.95`],
    ['TikTok', 'TikTok', `${PHONE} musical_ly_35.1.0 BytedanceWebview/d8a21c6`],
    ['LINE', 'LINE', `${PHONE} Safari Line/14.5.0`],
  ]) {
    test(`inside ${app}: which app, that it can read along, the way out; going on stays possible`, async () => {
      const page = await (await sharedBrowser(name)).page();
      await page.setUserAgent({ userAgent: agent });
      await open(page, drop.link);
      await screen(page, 'start');
      const warning = await text(page, 'warning-app');
      assert.match(warning, new RegExp(`${app} can read what you type`));
      assert.ok(warning.includes(drop.link));
      await press(page, 'language-zh-Hans');
      assert.ok((await text(page, 'warning-app')).includes(zh));
      await press(page, 'write');
      await screen(page, 'codename');
      await page.close({ runBeforeUnload: false });
    });
  }

  test('a browser of its own is not taken for an app; at a foreign address the true ones are named; without Tor that is said', async () => {
    const page = await (await sharedBrowser(name)).page();
    await open(page, `${host.url}/${new URL(drop.link).hash}`);
    await screen(page, 'start');
    assert.equal(await page.$('#warning-app'), null);
    assert.ok((await text(page, 'warning-origin')).includes(drop.server.url));
    assert.match(await text(page, 'warning-tor'), /does not look like Tor Browser/);
    await open(page, drop.link);
    await screen(page, 'start');
    assert.equal(await page.$('#warning-origin'), null);
    await page.close();
  });
});
