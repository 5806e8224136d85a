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
    /** How the focus came to where it is: a clicked control lets Enter through to the proposal, one reached by key does not. */
    let focusedBy: 'pointer' | 'key' = 'pointer';
    const onPointer = () => {
      focusedBy = 'pointer';
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Tab' || event.key.startsWith('Arrow')) focusedBy = 'key';
    };
    window.addEventListener('pointerdown', onPointer, true);
    window.addEventListener('keydown', onKey, true);
    const keep = key(() => store().keepProposal());
    const focusCommand = key(() => document.querySelector<HTMLElement>('#command-field input')?.focus());
    const help = key(onHelp);
    const stop = tinykeys(window, {
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
        if (store().proposal !== null && !(focusedBy === 'key' && isControl(event.target))) keep(event);
      },
      '$mod+Enter': keep,
      Escape: (event) => {
        const { proposal, pin, dropProposal, setPin } = store();
        if (proposal !== null) key(dropProposal)(event);
        else if (pin !== null) key(() => setPin(null))(event);
      },
      '?': help,
      'Shift+?': help,
      ...Object.fromEntries(dockTabs.map((tab, index) => [String(index + 1), key(() => onTab(tab))])),
    });
    return () => {
      stop();
      window.removeEventListener('pointerdown', onPointer, true);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [onHelp, onTab]);
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !== null
  );
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, [role="gridcell"]') !== null;
}
