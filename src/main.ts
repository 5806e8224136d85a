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
void Promise.all([import('./app/mountApp.tsx'), isRead]).then(([{ mountApp }]) => mountApp(early));

// The browser reads its tables of how numbers and dates are written for the first that it writes: now, while the screen's code is on
// its way, rather than between the first verdict and its paint.
new Intl.NumberFormat().format(0);
new Intl.DateTimeFormat().format(0);
