// What deploy/ ships and docs/deployment.md says: the guide uses every file and names none that is not there, and the unit's sandbox
// keeps its doors shut.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { DEPLOY } from './lib/deployed.mjs';
import { ROOT, run } from './lib/drop.mjs';

const UNIT = path.join(DEPLOY, 'systemd/securedrop.service');
// systemd-analyze's own scale, 0 to 100: the unit stands at 3.
const MOST_EXPOSURE = 10;

const analyze = existsSync('/usr/bin/systemd-analyze') ? await run('systemd-analyze', ['--version']) : null;
const noAnalyze = analyze && Number(/systemd (\d+)/.exec(analyze.stdout)?.[1]) >= 250 ? false : 'systemd-analyze 250 or newer is not installed';

describe('deployment', () => {
  test('the guide and deploy/ name the same files', async () => {
    const guide = await readFile(path.join(ROOT, 'docs/deployment.md'), 'utf8');
    const index = await readFile(path.join(DEPLOY, 'README.md'), 'utf8');
    const named = new Set([...guide.matchAll(/\bdeploy\/([\w@.-]+(?:\/[\w@.-]+)*)/g)].map((m) => m[1]));
    const shipped = (await readdir(DEPLOY, { recursive: true, withFileTypes: true }))
      .filter((e) => e.isFile() && e.name !== 'README.md')
      .map((e) => path.relative(DEPLOY, path.join(e.parentPath ?? e.path, e.name)));
    for (const name of named) if (name !== 'README.md') assert.ok(shipped.includes(name), `the guide names deploy/${name}, which is not there`);
    for (const name of shipped) {
      assert.ok(named.has(name), `the guide does not say what to do with deploy/${name}`);
      assert.ok(index.includes(path.dirname(name) === '.' ? name : path.dirname(name)), `deploy/README.md does not name ${name}`);
    }
  });

  test('the unit has no network, no core dump, no swap and no debugger', async () => {
    const unit = (await readFile(UNIT, 'utf8')).split('\n');
    for (const line of [
      'PrivateNetwork=yes', 'RestrictAddressFamilies=AF_UNIX', 'LimitCORE=0', 'MemorySwapMax=0', 'Environment=DOTNET_EnableDiagnostics=0', 'UMask=0077',
      // Without this one call of @resources CoreCLR ends with "Failed to create CoreCLR".
      'SystemCallFilter=sched_setaffinity',
    ]) assert.ok(unit.includes(line), line);
    assert.ok(!unit.some((line) => line.startsWith('MemoryDenyWriteExecute')), '.NET does not run under MemoryDenyWriteExecute');
  });

  test('systemd finds the unit hardly exposed', { skip: noAnalyze }, async () => {
    const found = await run('systemd-analyze', ['security', '--offline=yes', '--no-pager', `--threshold=${MOST_EXPOSURE}`, UNIT]);
    assert.equal(found.code, 0, found.stdout + found.stderr);
  });

  test('no torrc gives away where the server stands', async () => {
    for (const name of await readdir(path.join(DEPLOY, 'tor'))) {
      const lines = (await readFile(path.join(DEPLOY, 'tor', name), 'utf8')).split('\n').filter((line) => !line.startsWith('#'));
      assert.doesNotMatch(lines.join('\n'), /NonAnonymousMode|SingleHopMode|ExportCircuitID/);
    }
  });
});
