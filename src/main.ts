import './ui/fonts.css';
import './ui/tokens.css';
import './ui/global.css';
import { earlyStart } from './app/earlyStart.ts';

// The engine first: it is at work while the browser loads and compiles the screen.
const early = earlyStart();
void import('./app/mountApp.tsx').then(({ mountApp }) => mountApp(early));
