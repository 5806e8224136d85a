import { importChains } from '../../adapters/market/importChain.ts';
import { marketsRecording } from '../../adapters/market/replay/marketsRecording.ts';
import { riskError } from '../../engine/domain/failure.ts';
import { ENGINE_VERSION } from '../../engine/engineVersion.ts';
import { chainHelp, CHAIN_OPTIONS, readChains } from '../chainFiles.ts';
import type { Verb } from '../Verb.ts';

export const recordChains: Verb = {
  usage: 'FILE... [--history SYMBOL=F] [--volatility-index SYMBOL=F]',
  help: `
${chainHelp('of one capture or several')}

Chains within an hour of each other are of one capture. Answer: one headroom/recording@1 document, JSON lines: a header, then a
whole market a capture, the earliest first. A history reaches up to each capture and no further.

  risk record-chains btc-*.json eth-*.json btc-usd-daily.csv > crash.jsonl
  risk replay --recording crash.jsonl --portfolio book.json --model portfolio`,
  options: CHAIN_OPTIONS,
  takesFiles: true,
  async run(options, io) {
    const markets = importChains(await readChains(options, io));
    if (!markets.ok) throw riskError({ path: '', ...markets.failure });
    io.write(marketsRecording(markets.value, `headroom ${ENGINE_VERSION}`));
  },
};
