import type { Answering } from '../answering.ts';
import type { OpenMarkets } from '../OpenMarkets.ts';
import type { Overtaking } from '../overtaking.ts';
import type { PathPoolAtHand } from '../pathPools.ts';
import type { LateApi } from '../RiskApi.ts';
import type { RulebookLibrary } from '../rulebookLibrary.ts';
import { deskAnswers } from './deskAnswers.ts';
import { slowAnswers } from './slowAnswers.ts';
import { viewAnswers } from './viewAnswers.ts';

/** What answers are made from. */
export interface AnswerParts {
  readonly markets: OpenMarkets;
  readonly runs: Overtaking;
  readonly answers: Answering;
  readonly library: RulebookLibrary;
  readonly paths: PathPoolAtHand;
}

/** Everything that no verdict waits for; the quick worker never loads it. */
export function lateAnswers({ markets, runs, answers, library, paths }: AnswerParts): LateApi {
  return {
    ...viewAnswers(markets, answers, library),
    ...slowAnswers(markets, answers, runs, paths),
    ...deskAnswers(answers, library, runs, () => paths.started(markets.atHand.compiled)),
  };
}
