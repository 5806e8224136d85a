import { type ReactNode, useLayoutEffect, useState } from 'react';

/** What a hint says, apart from the button that it explains: figures in it change often, and are drawn only while it is open. */
export interface HintContent {
  readonly current: () => ReactNode;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The same object at every render of its owner, holding what the newest render gave. */
export function useHintContent(node: ReactNode): HintContent {
  const [content] = useState(createHintContent);
  useLayoutEffect(() => content.show(node), [content, node]);
  return content;
}

function createHintContent(): HintContent & { show: (node: ReactNode) => void } {
  let shown: ReactNode = null;
  const listeners = new Set<() => void>();
  return {
    current: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: (node) => {
      shown = node;
      for (const listener of listeners) listener();
    },
  };
}
