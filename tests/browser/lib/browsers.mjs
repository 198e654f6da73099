// Real browsers from Debian's packages, each with an empty profile of its own. Firefox runs twice: as installed, and with what
// Tor Browser's Safer level turns off (JIT, WebAssembly, asm.js).
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const CHROMIUM = '/usr/bin/chromium';
const FIREFOX = '/usr/bin/firefox-esr';

const SAFER = {
  'javascript.options.ion': false,
  'javascript.options.baselinejit': false,
  'javascript.options.wasm': false,
  'javascript.options.asmjs': false,
  'javascript.options.native_regexp': false,
};

/** Preferences of a Firefox that saves its session every half second, and for a crash, as one in daily use does now and then. */
export const KEEPING = { 'browser.sessionstore.interval': 500, 'browser.sessionstore.resume_from_crash': true };

// Nothing may leave this machine: a browser's own services are turned off, and its proxy for every other host is a closed port.
const QUIET_FIREFOX = {
  'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'intl.accept_languages': 'en',
};

const QUIET_CHROMIUM = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--lang=en',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
];

/** The browsers a test runs in: name, and the reason why it cannot (or false). */
export const BROWSERS = [
  { name: 'chromium', skip: existsSync(CHROMIUM) ? false : 'chromium is not installed' },
  { name: 'firefox', skip: existsSync(FIREFOX) ? false : 'firefox-esr is not installed' },
  { name: 'firefox-safer', skip: existsSync(FIREFOX) ? false : 'firefox-esr is not installed' },
];

/**
 * Starts one (`preferences`: more of Firefox's own; `env`: more of its environment); `close` ends it and removes its profile, whose folder is `profile` until then;
 * `quit` ends it and leaves that.
 */
export async function launch(name, { language = 'en', javascript = true, preferences = {}, env = {} } = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), 'securedrop-browser-'));
  const common = { headless: true, env: { ...process.env, ...env }, userDataDir: profile, protocolTimeout: 240_000, acceptInsecureCerts: false };
  const browser = name === 'chromium'
    ? await puppeteer.launch({
        ...common,
        executablePath: CHROMIUM,
        args: [...QUIET_CHROMIUM, `--accept-lang=${language}`, ...(javascript ? [] : ['--blink-settings=scriptEnabled=false'])],
      })
    : await puppeteer.launch({
        ...common,
        browser: 'firefox',
        executablePath: FIREFOX,
        extraPrefsFirefox: {
          ...QUIET_FIREFOX,
          'intl.accept_languages': language,
          ...(name === 'firefox-safer' ? SAFER : {}),
          ...(javascript ? {} : { 'javascript.enabled': false }),
          ...preferences,
        },
      });
  return {
    name,
    browser,
    profile,
    async page() {
      const page = await browser.newPage();
      page.setDefaultTimeout(30_000);
      await page.setViewport({ width: 1000, height: 900 });
      return page;
    },
    quit: () => browser.close().catch(() => {}),
    async close() {
      await this.quit();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
