import { readTextFile } from '../adapters/files/readTextFile.ts';
import { isRecordedChain } from '../adapters/market/isRecordedChain.ts';
import { failed, type Result, success } from '../engine/domain/failure.ts';

/**
 * The text of the one market in the files that a person chose: a market file as it is, to be judged by whoever opens it, or
 * recorded chains of one capture made into a market. A failure names the file.
 */
export async function marketFileText(files: readonly File[]): Promise<Result<string>> {
  const texts: { name: string; text: string }[] = [];
  for (const file of files) {
    const text = await readTextFile(file);
    if (!text.ok) return text;
    texts.push({ name: file.name, text: text.value });
  }
  const [first, second] = texts;
  if (first === undefined) return failed('missing-data', 'No file was chosen');
  if (!isRecordedChain(first.text)) {
    if (second === undefined) return success(first.text);
    return failed(
      'bad-value',
      `${first.name} and ${second.name}: choose one market file, or recorded chains of one time`,
    );
  }
  const [{ importChain }, marketFile] = await Promise.all([
    import('../adapters/market/importChain.ts'),
    import('../formats/marketFile.ts'),
  ]);
  const market = importChain({ chains: texts });
  return market.ok ? success(marketFile.marketFileText(market.value)) : market;
}
