import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, wherever the command was given. */
export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
