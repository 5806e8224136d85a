import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ExchangeState } from '../../src/cli/exchange/ExchangeControl.ts';
import type { MarketSnapshot } from '../../src/engine/domain/marketSnapshot.ts';
import { marketFileText } from '../../src/formats/marketFile.ts';
import { projectFolder } from '../projectFolder.mjs';

export interface ExchangeProcess {
  /** `ws://127.0.0.1:PORT/ws/api/v2` */
  readonly url: string;
  readonly port: number;
  state(): Promise<ExchangeState>;
  close(): Promise<void>;
}

interface ExchangeProcessOptions {
  readonly market: MarketSnapshot;
  readonly seed: number;
  readonly updatesPerSecond: number;
}

/** The local exchange in a process of its own, so that its work is seen apart from that of whoever watches. */
export async function exchangeProcess({
  market,
  seed,
  updatesPerSecond,
}: ExchangeProcessOptions): Promise<ExchangeProcess> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'headroom-soak-'));
  const file = path.join(folder, 'market.json');
  await writeFile(file, marketFileText(market));
  const settings = ['--market', file, '--port', '0', '--seed', seed, '--updates-per-second', updatesPerSecond];
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/risk.ts', 'exchange', ...settings.map(String)], {
    cwd: projectFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = () => child.kill();
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', end);
      void rm(folder, { recursive: true, force: true }).then(resolve);
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    let told = '';
    child.stderr.on('data', (text: Buffer) => {
      told += text.toString();
      const address = /ws:\/\/\S+/.exec(told)?.[0];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => reject(new Error(`The exchange did not start. ${told}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    async state() {
      const answer = await fetch(url.replace(/^ws:/, 'http:').replace(/\/ws\/.*/, '/control'));
      return (await answer.json()) as ExchangeState;
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
