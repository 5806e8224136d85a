import type { AppState } from './AppState.ts';

type Versions = Pick<AppState, 'inputVersion' | 'exploreVersion' | 'varVersion'>;

/** Every answer depends on what changed: market, book, proposal or parameters. */
export function inputsChanged(state: Versions): Versions {
  return {
    inputVersion: state.inputVersion + 1,
    exploreVersion: state.exploreVersion + 1,
    varVersion: state.varVersion + 1,
  };
}

/** Curves and grid alone depend on what changed: coin, rulebook, pin, scenario settings. */
export function explorationChanged(state: Versions): Pick<Versions, 'exploreVersion'> {
  return { exploreVersion: state.exploreVersion + 1 };
}

/** Value at risk alone depends on what changed. */
export function varChanged(state: Versions): Pick<Versions, 'varVersion'> {
  return { varVersion: state.varVersion + 1 };
}
