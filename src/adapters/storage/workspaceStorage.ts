import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import {
  parseSavedBook,
  parseSavedMarket,
  parseSavedView,
  type SavedBook,
  type SavedMarket,
  type SavedView,
} from './savedRecords.ts';

const DATABASE = 'headroom';
const DATABASE_VERSION = 1;
type Key = 'book' | 'previous-book' | 'view' | 'market';

interface Schema extends DBSchema {
  records: { key: string; value: unknown };
}

export interface SavedWorkspace {
  readonly book: SavedBook | null;
  /** The book that the current one replaced when a link was opened. */
  readonly previousBook: SavedBook | null;
  readonly view: SavedView | null;
  readonly market: SavedMarket | null;
  /** Records that could not be read and were set aside, as JSON. */
  readonly damaged: readonly { readonly key: string; readonly text: string }[];
}

export type BookSaved =
  | { readonly kind: 'saved'; readonly revision: number }
  /** Someone else, most likely another tab, has saved since; nothing was written. */
  | { readonly kind: 'conflict'; readonly theirs: SavedBook };

/** The workspace on this device. Every method rejects when the browser refuses; nothing is half written. */
export interface WorkspaceStorage {
  read(): Promise<SavedWorkspace>;
  /**
   * Saves on top of `base`, the revision last seen (0 for none). With `keepPrevious` the record that is replaced stays
   * readable as `previousBook`.
   */
  saveBook(record: Omit<SavedBook, 'version' | 'revision'>, base: number, keepPrevious: boolean): Promise<BookSaved>;
  /** The book's record alone, as another tab may have left it. */
  readBook(): Promise<SavedBook | null>;
  saveView(settings: Readonly<Record<string, unknown>>): Promise<void>;
  saveMarket(market: Omit<SavedMarket, 'version'> | null): Promise<void>;
  close(): void;
}

export async function openWorkspaceStorage(): Promise<WorkspaceStorage> {
  const database: IDBPDatabase<Schema> = await openDB<Schema>(DATABASE, DATABASE_VERSION, {
    upgrade: (fresh) => {
      fresh.createObjectStore('records');
    },
    // A newer tab wants to upgrade: let it, rather than hold it up.
    blocking: () => database.close(),
  });

  /** Writes, and reads back what was written: a browser may report success and keep nothing. */
  async function put(key: Key, value: { readonly version: 1 }): Promise<void> {
    const text = JSON.stringify(value);
    await database.put('records', value, key);
    if (JSON.stringify(await database.get('records', key)) !== text)
      throw new Error(`The browser did not keep the ${key} record`);
  }

  return {
    async read() {
      const damaged: { key: string; text: string }[] = [];
      const record = async <T>(key: Key, parse: (value: unknown) => T | null): Promise<T | null> => {
        const value: unknown = await database.get('records', key);
        if (value === undefined) return null;
        const parsed = parse(value);
        if (parsed === null) {
          damaged.push({ key, text: JSON.stringify(value, null, 2) });
          const transaction = database.transaction('records', 'readwrite');
          await Promise.all([
            transaction.store.put(value, `damaged-${key}`),
            transaction.store.delete(key),
            transaction.done,
          ]);
        }
        return parsed;
      };
      return {
        book: await record('book', parseSavedBook),
        previousBook: await record('previous-book', parseSavedBook),
        view: await record('view', parseSavedView),
        market: await record('market', parseSavedMarket),
        damaged,
      };
    },

    async saveBook(record, base, keepPrevious) {
      const transaction = database.transaction('records', 'readwrite', { durability: 'strict' });
      const stored = await transaction.store.get('book');
      const theirs = parseSavedBook(stored);
      if (theirs !== null && theirs.revision !== base) {
        await transaction.done;
        return { kind: 'conflict', theirs };
      }
      const saved: SavedBook = { version: 1, revision: base + 1, ...record };
      if (keepPrevious && theirs !== null) void transaction.store.put(theirs, 'previous-book');
      void transaction.store.put(saved, 'book');
      await transaction.done;
      if (JSON.stringify(await database.get('records', 'book')) === JSON.stringify(saved))
        return { kind: 'saved', revision: saved.revision };
      // Either the browser kept nothing, or another tab was quicker than the reading back.
      const found = parseSavedBook(await database.get('records', 'book'));
      if (found !== null && found.revision > saved.revision) return { kind: 'conflict', theirs: found };
      throw new Error('The browser did not keep the book');
    },

    readBook: async () => parseSavedBook(await database.get('records', 'book')),
    saveView: (settings) => put('view', { version: 1, settings } as SavedView),
    async saveMarket(market) {
      if (market === null) await database.delete('records', 'market');
      else await put('market', { version: 1, ...market } as SavedMarket);
    },
    close: () => database.close(),
  };
}
