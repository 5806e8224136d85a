import type { AppState, Pin, SetState, ViewSlice } from './AppState.ts';
import { MOST_PATHS, surerSettings } from './varPrecision.ts';
import { explorationChanged, inputsChanged, varChanged } from './versions.ts';

/** A pinned scenario carries the beta that the user has set, wherever it was pinned. */
function withBeta(pin: Pin | null, spotVolBeta: number | null): Pin | null {
  if (pin === null) return null;
  const { spotVolBeta: _, ...rest } = pin;
  return spotVolBeta === null ? rest : { ...rest, spotVolBeta };
}

/** How the user looks at the book. None of it changes the book, and none of it is undone. */
export function viewSlice(set: SetState): ViewSlice {
  const explore = (change: Partial<AppState>) => set((state) => ({ ...change, ...explorationChanged(state) }));
  return {
    model: 'portfolio',
    unit: 'usd',
    theme: 'dark',
    colourScheme: 'blue-orange',
    pin: null,
    smile: 'sticky-strike',
    spotVolBeta: null,
    volShock: 0,
    curveDays: 7,
    movers: 'all',
    stressMetric: 'pnl',
    stressWide: false,
    hoverSpotMove: null,
    explained: 'margin',
    varSettings: {
      confidence: 0.99,
      expectedShortfallConfidence: 0.975,
      horizonDays: 1,
      paths: 1_000_000,
      targetStandardErrorShare: 0.0025,
      sampling: 'importance',
      revaluation: 'auto',
      seed: 1,
      distribution: 'student-t',
      degreesOfFreedom: 4,
      copulaMargins: 't',
      filter: null,
      overrides: {},
      tailOf: 'historical',
      thresholdQuantile: null,
    },
    backtestSettings: { method: 'historical', confidence: 0.99, window: 250 },

    reproducible: false,
    showsLink: false,
    aboutOpen: false,
    verifyOpen: false,

    setReproducible: (reproducible) => set({ reproducible, showsLink: false }),
    setAboutOpen: (aboutOpen) => set({ aboutOpen }),
    setVerifyOpen: (verifyOpen) => set({ verifyOpen }),
    setExplained: (explained) => set({ explained }),
    // Headroom's own rulebooks are answered with every edit; a venue's is asked once it is chosen.
    setModel: (model) =>
      set((state) => ({
        model,
        ...(state.report === null || state.report.before.margins.some(({ id }) => id === model)
          ? explorationChanged(state)
          : inputsChanged(state)),
      })),
    setUnit: (unit) => set({ unit }),
    setTheme: (theme) => set({ theme }),
    setColourScheme: (colourScheme) => set({ colourScheme }),
    setPin: (pin) => set((state) => ({ pin: withBeta(pin, state.spotVolBeta), ...explorationChanged(state) })),
    setSmile: (smile) =>
      set((state) => ({
        smile,
        pin: state.pin === null ? null : { ...state.pin, smile },
        ...explorationChanged(state),
        ...varChanged(state),
      })),
    setSpotVolBeta: (spotVolBeta) =>
      set((state) => ({ spotVolBeta, pin: withBeta(state.pin, spotVolBeta), ...explorationChanged(state) })),
    setVolShock: (volShock) => explore({ volShock }),
    setCurveDays: (curveDays) => explore({ curveDays }),
    setMovers: (movers) =>
      set((state) => ({
        movers,
        pin: state.pin === null ? null : { ...state.pin, movers },
        ...explorationChanged(state),
      })),
    setStressMetric: (stressMetric) => set({ stressMetric }),
    setStressWide: (stressWide) => explore({ stressWide }),
    setHoverSpotMove: (hoverSpotMove) => set({ hoverSpotMove }),
    setBacktestSettings: (change) => set((state) => ({ backtestSettings: { ...state.backtestSettings, ...change } })),
    askMorePaths: () =>
      set((state) => {
        const surer = surerSettings(state.varSettings, state.varReports['monte-carlo']?.report ?? null);
        if (surer === null)
          return { toast: { message: `All ${MOST_PATHS / 1e6} million paths of a run are asked for already.` } };
        return { varSettings: { ...state.varSettings, ...surer }, ...varChanged(state) };
      }),
    setVarSettings: (change) =>
      set((state) => ({ varSettings: { ...state.varSettings, ...change }, ...varChanged(state) })),
  };
}
