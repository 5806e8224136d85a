import { useCallback, useEffect, useState } from 'react';
import { VerdictBar } from '../panels/verdict/VerdictBar.tsx';
import { useStore } from '../state/store.ts';
import { arriving } from '../ui/arriving.tsx';
import { Late } from '../ui/Late.tsx';
import { ToastHost } from '../ui/ToastHost.tsx';
import { whenSettled } from '../ui/whenSettled.ts';
import styles from './App.module.css';
import { Dock } from './Dock.tsx';
import { DropTarget } from './DropTarget.tsx';
import { FramedPanel } from './FramedPanel.tsx';
import { Notices } from './Notices.tsx';
import { PanelSlot } from './PanelSlot.tsx';
import { PhoneApp } from './PhoneApp.tsx';
import { type DockTab, dockTabs } from './panelCatalog.ts';
import { ReplayPlace } from './ReplayPlace.tsx';
import { TopBar } from './TopBar.tsx';
import { useHotkeys } from './useHotkeys.ts';
import { useMediaQuery } from './useMediaQuery.ts';

const AboutSheet = arriving(() => import('./AboutSheet.tsx').then((module) => module.AboutSheet));
const BehindMark = arriving(() => whenSettled(() => import('./BehindMark.tsx')).then((module) => module.BehindMark));
const FigureOrigin = arriving(() => import('../panels/origin/FigureOrigin.tsx').then((module) => module.FigureOrigin));
const VerificationDialog = arriving(() =>
  import('../panels/coverage/VerificationDialog.tsx').then((module) => module.VerificationDialog),
);
const HelpSheet = arriving(() => import('./HelpSheet.tsx').then((module) => module.HelpSheet));

/** The whole screen, in the layout that its width asks for. */
export function App() {
  const phone = useMediaQuery('(max-width: 767px)');
  const wide = useMediaQuery('(min-width: 1920px)');
  const [tab, setTab] = useState<DockTab>('chain');
  const [expanded, setExpanded] = useState(false);
  const [help, setHelp] = useState<'unopened' | 'open' | 'closed'>('unopened');
  const onHelp = useCallback(() => setHelp('open'), []);
  useHotkeys({ onHelp, onTab: setTab });
  useEffect(
    () =>
      useStore.subscribe(
        (state) => state.decideOpened,
        () => setTab('decide'),
      ),
    [],
  );
  useEffect(
    () =>
      useStore.subscribe(
        (state) => state.whyOpened,
        () => setTab('explain'),
      ),
    [],
  );
  useEffect(
    () =>
      useStore.subscribe(
        (state) => state.replay !== null,
        (isReplaying) => isReplaying && setTab('replay'),
      ),
    [],
  );
  const isAboutOpen = useStore((state) => state.aboutOpen);
  const isVerifyOpen = useStore((state) => state.verifyOpen);
  const isFigureAsked = useStore((state) => state.askedFigure !== null);
  const toast = useStore((state) => state.toast);
  const showToast = useStore((state) => state.showToast);
  return (
    <>
      {phone ? <PhoneApp onHelp={onHelp} /> : <Desktop {...{ wide, tab, setTab, expanded, setExpanded, onHelp }} />}
      <ToastHost toast={toast} onClose={() => showToast(null)} />
      {isFigureAsked && (
        <Late>
          <FigureOrigin />
        </Late>
      )}
      <DropTarget />
      <Late>
        <BehindMark />
      </Late>
      {isAboutOpen && (
        <Late>
          <AboutSheet />
        </Late>
      )}
      {isVerifyOpen && (
        <Late>
          <VerificationDialog />
        </Late>
      )}
      {help !== 'unopened' && (
        <Late>
          <HelpSheet open={help === 'open'} onClose={() => setHelp('closed')} />
        </Late>
      )}
    </>
  );
}

interface DesktopProps {
  wide: boolean;
  tab: DockTab;
  setTab: (tab: DockTab) => void;
  expanded: boolean;
  setExpanded: (expanded: boolean) => void;
  onHelp: () => void;
}

function Desktop({ wide, tab, setTab, expanded, setExpanded, onHelp }: DesktopProps) {
  // The surface has smiles of its own, and like the table of rulebooks it needs the room.
  const isReplaying = useStore((state) => state.replay !== null);
  const alone = !wide && (tab === 'surface' || tab === 'rulebooks');
  // On a wide screen the Greeks need no tab: they stand beside the chain.
  const tabs = dockTabs.filter((id) => (id !== 'greeks' || !wide) && (id !== 'replay' || isReplaying));
  return (
    <div className={styles.desktop} data-dock={expanded ? 'expanded' : undefined}>
      <div className={styles.head}>
        <div className={styles.top}>
          <TopBar compact={false} onHelp={onHelp} />
        </div>
        <Notices />
        <div className={styles.verdict}>
          <VerdictBar />
        </div>
        <ReplayPlace />
      </div>
      <main className={styles.main}>
        <div className={styles.left}>
          <PanelSlot id="trade" />
          <PanelSlot id="book" fills />
        </div>
        <div className={styles.centre}>
          <PanelSlot id="payoff" fills />
          <PanelSlot id="runway" fills />
          <PanelSlot id="scenario" />
        </div>
        <div className={styles.right}>
          <PanelSlot id="stress" />
          <PanelSlot id={wide ? 'smile' : 'coverage'} fills />
        </div>
        {wide && <PanelSlot id="coverage" fills />}
      </main>
      <div className={styles.dock} data-alone={alone || undefined}>
        <Dock tabs={tabs} {...{ tab, expanded }} onTab={setTab} onExpand={setExpanded} />
        {wide ? <FramedPanel id="greeks" /> : !alone && <PanelSlot id="smile" fills />}
      </div>
    </div>
  );
}
