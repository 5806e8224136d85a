import './ui/fonts.css';
import './ui/tokens.css';
import './ui/global.css';
import { earlyStart } from './app/earlyStart.ts';

// The engine first: it is at work while the browser loads and compiles the screen. This runs as soon as it has arrived, be the
// document read by then or not.
const early = earlyStart();
const isRead = new Promise<void>((resolve) => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  else resolve();
});
Promise.all([import('./app/mountApp.tsx'), isRead]).then(
  ([{ mountApp }]) => mountApp(early),
  // The page holds the words for it, since nothing else may have arrived.
  () => isRead.then(() => document.querySelector('.not-here')?.classList.add('not-coming')),
);
