import { type ComponentType, createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import { inOwnTask } from './inOwnTask.ts';

/** What stands where a part is that has not arrived. */
export const StandIn = createContext<ReactNode>(null);

type Arrival<Props> =
  | { readonly part: ComponentType<Props>; readonly failure?: never }
  | { readonly part: null; readonly failure: unknown };

/**
 * A part of the screen whose code is fetched when it is first to be shown; until then the nearest `StandIn` is, and a failure is thrown to the
 * boundary around it. Parts that arrive together come up one by one, each in a task of its own.
 *
 * Not React's `lazy`: that holds back what has arrived for up to 300 ms after any other part came or went, so that they come together.
 */
export function arriving<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let arrival: Arrival<Props> | null = null;
  let isAsked = false;
  const listeners = new Set<() => void>();

  const settle = (settled: Arrival<Props>) =>
    inOwnTask(() => {
      arrival = settled;
      for (const listener of listeners) listener();
    });
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (!isAsked) {
      isAsked = true;
      load().then(
        (part) => settle({ part }),
        (failure: unknown) => settle({ part: null, failure }),
      );
    }
    return () => void listeners.delete(listener);
  };
  const here = () => arrival;

  return function Arriving(props: Props) {
    const standIn = useContext(StandIn);
    const found = useSyncExternalStore(subscribe, here, here);
    if (found === null) return standIn;
    if (found.part === null) throw found.failure;
    return <found.part {...props} />;
  };
}
