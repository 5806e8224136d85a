import { importChain } from '../../adapters/market/importChain.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import { marketFileText } from '../../formats/marketFile.ts';
import { chainHelp, CHAIN_OPTIONS, readChains } from '../chainFiles.ts';
import type { Verb } from '../Verb.ts';

export const importChainVerb: Verb = {
  usage: 'FILE... [--history SYMBOL=F] [--volatility-index SYMBOL=F]',
  help: `
${chainHelp('all of one capture')}

Answer: one headroom/market@1 document with all the coins.`,
  options: CHAIN_OPTIONS,
  takesFiles: true,
  async run(options, io) {
    const imported = importChain(await readChains(options, io));
    if (!imported.ok) throw new RiskError(imported.failure.code, imported.failure.message, imported.failure.path ?? '');
    io.write(marketFileText(imported.value));
  },
};
