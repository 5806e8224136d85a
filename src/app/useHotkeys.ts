import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import type { StressMetric } from '../state/AppState.ts';
import { useStore } from '../state/store.ts';
import { type DockTab, dockTabs } from './panelCatalog.ts';

const METRICS: readonly StressMetric[] = ['pnl', 'margin', 'free'];

export interface HotkeyTargets {
  onHelp: () => void;
  onTab: (tab: DockTab) => void;
}

/** The keyboard map of the help sheet. Keys typed into fields, menus and dialogs stay there. */
export function useHotkeys({ onHelp, onTab }: HotkeyTargets): void {
  useEffect(() => {
    const store = useStore.getState;
    const key = (run: (event: KeyboardEvent) => void) => (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event.target)) return;
      event.preventDefault();
      run(event);
    };
    const focusCommand = key(() => document.querySelector<HTMLElement>('#command-field input')?.focus());
    const help = key(onHelp);
    return tinykeys(window, {
      '$mod+KeyZ': key(() => store().undo()),
      '$mod+Shift+KeyZ': key(() => store().redo()),
      '$mod+KeyY': key(() => store().redo()),
      '/': focusCommand,
      'Shift+/': focusCommand,
      '$mod+KeyK': focusCommand,
      u: key(() => store().setUnit(store().unit === 'usd' ? 'coin' : 'usd')),
      g: key(() => document.querySelector<HTMLElement>('[data-panel="stress"] [role="grid"] [tabindex="0"]')?.focus()),
      m: key(() => {
        const { stressMetric, setStressMetric } = store();
        setStressMetric(METRICS[(METRICS.indexOf(stressMetric) + 1) % METRICS.length]!);
      }),
      Enter: (event) => {
        // A control that was reached by keyboard keeps its own Enter.
        if (store().proposal === null || isControlInUse(event.target)) return;
        key(() => store().keepProposal())(event);
      },
      Escape: (event) => {
        const { proposal, pin, dropProposal, setPin } = store();
        if (proposal !== null) key(dropProposal)(event);
        else if (pin !== null) key(() => setPin(null))(event);
      },
      '?': help,
      'Shift+?': help,
      ...Object.fromEntries(dockTabs.map((tab, index) => [String(index + 1), key(() => onTab(tab))])),
    });
  }, [onHelp, onTab]);
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !== null
  );
}

function isControlInUse(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('button, a, [role="gridcell"]')?.matches(':focus-visible') === true
  );
}
