import { failureOf, type Result } from '../src/engine/domain/failure.ts';
import type { MarginModelId } from '../src/engine/domain/riskParameters.ts';
import { headroomModels } from '../src/engine/margin/headroomModels.ts';
import type { MarginModel } from '../src/engine/margin/MarginModel.ts';
import type { Awaitable } from './RiskApi.ts';

/** The rulebooks that have been loaded; the venues' come when one of them is asked for. */
export interface RulebookLibrary {
  /** Every rulebook there is. */
  whole(): Promise<readonly MarginModel[]>;
  /** The rulebooks that are here where the one asked for is among them, else all there are. */
  having(id: MarginModelId): Promise<readonly MarginModel[]>;
  /** Answers at once where the rulebooks asked for are here. */
  answeredBy<Answer>(
    ids: readonly MarginModelId[],
    answer: (library: readonly MarginModel[]) => Awaitable<Result<Answer>>,
  ): Awaitable<Result<Answer>>;
}

export function rulebookLibrary(): RulebookLibrary {
  let library: readonly MarginModel[] = headroomModels;
  const knows = (id: MarginModelId) => library.some((model) => model.id === id);
  const whole = async () => {
    const { marginModels } = await import('../src/engine/margin/marginModels.ts');
    library = marginModels;
    return library;
  };
  return {
    whole,
    having: async (id) => (knows(id) ? library : whole()),
    answeredBy(ids, answer) {
      if (ids.every(knows)) return answer(library);
      return whole().then(answer, (error: unknown) => ({ ok: false, failure: failureOf(error) }));
    },
  };
}
