import type { Plugin } from 'vite';

/**
 * Puts all that a worker's entry imports at once into one chunk. Nothing can be preloaded for a worker: it learns what to fetch next from
 * what has arrived, and each file that leads to another is one more way to the server before its first answer.
 */
export function startChunk(): Plugin {
  /** What each module imports at once. */
  const imports = new Map<string, readonly string[]>();
  const entries = new Set<string>();
  let needed: ReadonlySet<string> | null = null;
  return {
    name: 'start-chunk',
    apply: 'build',
    moduleParsed: ({ id, importedIds, isEntry }) => {
      imports.set(id, importedIds);
      if (isEntry) entries.add(id);
    },
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        groups: [
          {
            name: (module) => {
              needed ??= importedBy(entries, imports);
              return needed.has(module) ? 'start' : null;
            },
          },
        ],
      },
    }),
  };
}

/** All that the entries import, and what that imports, without themselves. */
function importedBy(
  entries: ReadonlySet<string>,
  imports: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (module: string) => {
    for (const imported of imports.get(module) ?? [])
      if (!found.has(imported)) {
        found.add(imported);
        follow(imported);
      }
  };
  for (const entry of entries) follow(entry);
  return found;
}
