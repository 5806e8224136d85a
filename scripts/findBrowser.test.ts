import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBrowser, systemBrowsers } from './findBrowser.mjs';

const nothing = { named: undefined, candidates: () => [], starts: async () => false, installations: [] };

describe('findBrowser', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
  });
  afterEach(() => void vi.restoreAllMocks());

  it('takes the first candidate that starts, not the first that is named', async () => {
    const starts = async (executable: string) => executable !== '/broken';
    const found = await findBrowser({ ...nothing, candidates: () => ['/broken', '/good', '/better'], starts });
    expect(found).toBe('/good');
  });

  it('takes a named browser and no other', async () => {
    const candidates = () => ['/other'];
    expect(await findBrowser({ ...nothing, named: '/mine', candidates, starts: async () => true })).toBe('/mine');
    const starts = async (executable: string) => executable === '/other';
    expect(await findBrowser({ ...nothing, named: '/mine', candidates, starts })).toBeNull();
    expect(said).toEqual([expect.stringContaining('CHROMIUM_PATH is /mine')]);
  });

  it('tries the installations in turn until one leaves a browser that starts', async () => {
    const tried: string[] = [];
    const there: string[] = [];
    const installation = (title: string, succeeds: boolean, leaves?: string) => ({
      title,
      install: async () => {
        tried.push(title);
        if (leaves !== undefined) there.push(leaves);
        return succeeds;
      },
    });
    const found = await findBrowser({
      ...nothing,
      candidates: () => there,
      starts: async (executable) => executable === '/usr/bin/chromium',
      installations: [
        installation('fails', false),
        installation('lacks libraries', true, '/cache/chrome'),
        installation('works', true, '/usr/bin/chromium'),
        installation('not needed', true),
      ],
    });
    expect(found).toBe('/usr/bin/chromium');
    expect(tried).toEqual(['fails', 'lacks libraries', 'works']);
  });

  it('says what to do when there is none', async () => {
    expect(await findBrowser(nothing)).toBeNull();
    expect(said.join()).toMatch(/Install Google Chrome or Chromium/);
  });
});

describe('systemBrowsers', () => {
  it('looks on the path before the usual folders', () => {
    const linux = systemBrowsers('linux', { PATH: '/opt/bin:/usr/bin' });
    expect(linux[0]).toBe('/opt/bin/chromium');
    expect(linux).toContain('/usr/bin/google-chrome');
    expect(new Set(linux).size).toBe(linux.length);
  });

  it('knows macOS and Windows', () => {
    expect(systemBrowsers('darwin', { HOME: '/Users/ada' })).toContain(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
    expect(systemBrowsers('win32', { PROGRAMFILES: 'C:\\Program Files' })).toContain(
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    );
  });
});
