import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { projectFolder } from './projectFolder.mjs';

/** Modules that are loaded at the same moment, with all that they import at once. */
export interface Together {
  /** Of the chunk. */
  readonly name: string;
  /** Paths from the repository; `imports of the entry` are all that a worker starts with beside its entry. */
  readonly modules: readonly string[] | 'imports of the entry';
  /** Already here by then, with all that these import at once; paths from the repository. */
  readonly after?: readonly string[];
}

/**
 * Puts what is loaded at the same moment into one chunk: each file is a way to the server, and one that leads to another is a way that has
 * to wait. For a worker nothing can be preloaded at all. A module that several name belongs to the first.
 */
export function togetherLoaded(all: readonly Together[]): Plugin {
  /** What each module imports at once. */
  const imports = new Map<string, readonly string[]>();
  const entries = new Set<string>();
  const withImports = (modules: Iterable<string>, found = new Set<string>()): ReadonlySet<string> => {
    for (const module of modules)
      if (!found.has(module)) {
        found.add(module);
        withImports(imports.get(module) ?? [], found);
      }
    return found;
  };
  const membersOf = ({ modules, after = [] }: Together): ReadonlySet<string> => {
    const ofEntry = modules === 'imports of the entry';
    const before = ofEntry ? entries : withImports(after.map(absolute));
    const found = withImports(ofEntry ? entries : modules.map(absolute));
    return new Set([...found].filter((module) => !before.has(module)));
  };
  return {
    name: 'together-loaded',
    apply: 'build',
    buildStart: () => {
      for (const { modules, after = [] } of all)
        for (const module of [...(typeof modules === 'string' ? [] : modules), ...after])
          if (!existsSync(absolute(module))) throw new Error(`There is no ${module} to load together with others.`);
    },
    moduleParsed: ({ id, importedIds, isEntry }) => {
      imports.set(id, importedIds);
      if (isEntry) entries.add(id);
    },
    outputOptions: (options) => {
      const known = typeof options.codeSplitting === 'object' ? (options.codeSplitting.groups ?? []) : [];
      const groups = all.map((together, index) => {
        let members: ReadonlySet<string> | null = null;
        return {
          priority: all.length - index,
          name: (module: string) => ((members ??= membersOf(together)).has(module) ? together.name : null),
        };
      });
      // What a member imports is a member where it is not here already, so nothing else is to be drawn in.
      return { ...options, codeSplitting: { includeDependenciesRecursively: false, groups: [...known, ...groups] } };
    },
  };
}

function absolute(module: string): string {
  return path.posix.join(projectFolder.replaceAll('\\', '/'), module);
}
