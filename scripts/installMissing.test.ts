import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingPackage } from './installMissing.mjs';

type Packages = Record<string, { version?: string; optional?: boolean }>;

describe('missingPackage', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'headroom-install-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lock = (packages: Packages) =>
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  const install = (packages: Packages) => {
    for (const [location, { version }] of Object.entries(packages)) {
      mkdirSync(path.join(folder, location), { recursive: true });
      writeFileSync(path.join(folder, location, 'package.json'), JSON.stringify({ version }));
    }
    writeFileSync(path.join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  };

  it('is content when every package of the lock file is there', () => {
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/@b/c/node_modules/d': { version: '2.0.0' } });
    install({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/@b/c/node_modules/d': { version: '2.0.0' } });
    expect(missingPackage(folder)).toBeNull();
  });

  it('passes over optional packages, which belong to other platforms', () => {
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-win32': { version: '1.0.0', optional: true } });
    install({ 'node_modules/a': { version: '1.0.0' } });
    expect(missingPackage(folder)).toBeNull();
  });

  it('names what is absent, of another version, or deleted since', () => {
    lock({ 'node_modules/@b/c': { version: '2.0.0' } });
    expect(missingPackage(folder)).toBe('none are installed');
    install({ 'node_modules/a': { version: '1.0.0' } });
    expect(missingPackage(folder)).toBe('@b/c 2.0.0 is missing');
    install({ 'node_modules/@b/c': { version: '1.9.0' } });
    expect(missingPackage(folder)).toBe('@b/c 2.0.0 is missing');
    install({ 'node_modules/@b/c': { version: '2.0.0' } });
    rmSync(path.join(folder, 'node_modules/@b/c/package.json'));
    expect(missingPackage(folder)).toBe('@b/c is incomplete');
  });
});
