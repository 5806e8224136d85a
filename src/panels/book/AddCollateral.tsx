import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { useStore } from '../../state/store.ts';
import { quantity } from '../../ui/format.ts';
import styles from './BookPanel.module.css';

/** Adds an asset that the book does not hold yet. */
export function AddCollateral() {
  const market = useStore((state) => state.market);
  const held = useStore((state) => state.book.collateral);
  const setCollateral = useStore((state) => state.setCollateral);
  const [isOpen, setIsOpen] = useState(false);
  const assets = [
    ...(market?.stablecoins.map(({ asset }) => ({ asset, quantity: 10_000 })) ?? []),
    ...(market?.underlyings.map(({ symbol }) => ({ asset: symbol, quantity: 1 })) ?? []),
  ].filter(({ asset }) => !held.some((holding) => holding.asset === asset));
  if (assets.length === 0) return null;
  return (
    <Menu.Root open={isOpen} onOpenChange={setIsOpen}>
      <Menu.Trigger
        render={
          <button type="button" className={styles.addCollateral}>
            Add collateral
          </button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner className={styles.menuPositioner} side="bottom" align="end" sideOffset={4}>
          <Menu.Popup className={styles.menu}>
            {assets.map(({ asset, quantity: initial }) => (
              <Menu.Item key={asset} className={styles.menuItem} onClick={() => setCollateral(asset, initial)}>
                {quantity(initial)} {asset}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
