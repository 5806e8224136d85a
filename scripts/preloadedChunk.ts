import path from 'node:path';
import type { HtmlTagDescriptor, Plugin } from 'vite';

/**
 * The page's HTML names the scripts and style sheets of a module that its entry imports dynamically, so that the browser loads
 * them beside the entry rather than after it. The entry itself goes first: a browser fetches a script that is `async` last of all.
 * @param module path of the module, from the repository
 */
export function preloadedChunk(module: string): Plugin {
  return {
    name: 'preloaded-chunk',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const wanted = chunks.find(({ moduleIds }) =>
          moduleIds.some((id) => id.endsWith(path.posix.normalize(`/${module}`))),
        );
        if (wanted === undefined) throw new Error(`${module} is in no chunk, so it cannot be preloaded.`);
        const scripts = new Set<string>();
        const styles = new Set<string>();
        const need = (file: string) => {
          const chunk = chunks.find(({ fileName }) => fileName === file);
          if (chunk === undefined || scripts.has(file)) return;
          scripts.add(file);
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
          for (const imported of chunk.imports) need(imported);
        };
        need(wanted.fileName);
        const link = (rel: string, file: string): HtmlTagDescriptor[] =>
          html.includes(file)
            ? []
            : [{ tag: 'link', injectTo: 'head', attrs: { rel, crossorigin: true, href: `./${file}` } }];
        return {
          html: html.replace('<script async ', '<script async fetchpriority="high" '),
          tags: [
            ...[...scripts].flatMap((file) => link('modulepreload', file)),
            ...[...styles].flatMap((file) => link('stylesheet', file)),
          ],
        };
      },
    },
  };
}
