import os from 'node:os';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { kernelFiles } from './scripts/kernelFiles.ts';
import { keptAssets } from './scripts/keptAssets.ts';
import { preloadedChunk } from './scripts/preloadedChunk.ts';
import { type Together, togetherLoaded } from './scripts/togetherLoaded.ts';
import { MARKET_CONNECTIONS } from './src/adapters/market/marketEndpoint.ts';

// The page writes numbers as its reader's language does. Tests read English; the processes that run them start with this.
if (process.env.VITEST) process.env.LC_ALL = 'en_US.UTF-8';

/** Cross-origin isolation, which SharedArrayBuffer needs. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * What the page may load and run: its own files, and prices from the market hosts. No inline script or style, no other host, no frame.
 * Styles set through the DOM's style objects (charts, computed sizes) are not governed by this.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  `connect-src 'self' ${MARKET_CONNECTIONS.join(' ')}`,
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "style-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The app as one that a browser installs, and the service worker that keeps the build: all of it, and nothing of other hosts. */
function offlineApp() {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'workers',
    filename: 'offline.worker.ts',
    // The page registers it itself, after the first verdict.
    injectRegister: false,
    injectManifest: {
      globPatterns: ['**/*.{html,js,css,wasm,woff2,svg,png,json,webmanifest}'],
      rollupFormat: 'iife',
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 4_000_000,
    },
    manifest: {
      id: './',
      name: 'Headroom',
      short_name: 'Headroom',
      description: 'See what an option trade does to margin, Greeks and tail risk before you place it.',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#0a0c10',
      theme_color: '#12151b',
      categories: ['finance', 'education'],
      icons: [
        { src: './icons/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: './icons/icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: './icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        { src: './favicon.svg', sizes: 'any', type: 'image/svg+xml' },
      ],
    },
  });
}

/** What the page shows its first verdict with. */
const FIRST_VERDICT: Together = { name: 'verdict', modules: ['src/app/mountApp.tsx'], after: ['src/main.ts'] };

/** What the desktop's first screen loads once its verdict is painted. */
const FIRST_SCREEN: Together = {
  name: 'screen',
  modules: [
    'src/app/BehindMark.tsx',
    'src/app/SourceButton.tsx',
    'src/app/laterStart.ts',
    'src/app/panelPace.tsx',
    'src/panels/book/BookPanel.tsx',
    'src/panels/chain/ChainPanel.tsx',
    'src/panels/coverage/CoveragePanel.tsx',
    'src/panels/payoff/PayoffPanel.tsx',
    'src/panels/payoff/RunwayPanel.tsx',
    'src/panels/payoff/ScenarioPanel.tsx',
    'src/panels/stress/StressPanel.tsx',
    'src/panels/surface/SmilePanel.tsx',
    'src/panels/trade/CommandField.tsx',
    'src/panels/trade/TradePanel.tsx',
    'src/ui/ActionMenuPopup.tsx',
    'src/ui/HintPopup.tsx',
  ],
  after: ['src/main.ts', 'src/app/mountApp.tsx'],
};

/** What a worker starts with, and what a first value at risk takes beside. */
const WORKER_CHUNKS: readonly Together[] = [
  { name: 'start', modules: 'imports of the entry' },
  {
    name: 'valueAtRisk',
    modules: [
      'src/engine/var/valueAtRisk.ts',
      'src/engine/var/sampledPlan.ts',
      'src/engine/var/weightedReader.ts',
      'src/engine/scenario/sobolMoves.ts',
    ],
  },
];

export default defineConfig({
  base: './',
  plugins: [
    kernelFiles(),
    react(),
    preloadedChunk('src/app/mountApp.tsx'),
    togetherLoaded([FIRST_VERDICT, FIRST_SCREEN]),
    offlineApp(),
    keptAssets(),
  ],
  worker: { format: 'es', plugins: () => [togetherLoaded(WORKER_CHUNKS)] },
  // Its own modules instead of its bundle, of which nothing could be left out. Node's tests take the bundle, as the terminal does.
  resolve: {
    alias: process.env.VITEST
      ? {}
      : { 'ml-matrix': path.resolve(import.meta.dirname, 'node_modules/ml-matrix/src/index.js') },
  },
  server: { headers, host: '127.0.0.1' },
  preview: {
    headers: {
      ...headers,
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
    host: '127.0.0.1',
    port: 4173,
  },
  build: {
    target: 'es2023',
    // Every browser that runs the rest knows modulepreload.
    modulePreload: { polyfill: false },
    // A module in a data: address could not be fetched under the content policy, nor compiled while it arrives.
    assetsInlineLimit: (file) => (file.endsWith('.wasm') ? false : undefined),
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 30 },
            { name: 'charts', test: /node_modules[\\/](echarts|zrender|tslib)[\\/]/, priority: 20 },
          ],
        },
      },
    },
  },
  test: {
    // A property test is heavy, and a busy machine slow: a limit only has to end what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Cores that a container is not given are counted all the same, and tests that start threads share what there is.
    maxWorkers: Math.max(1, Math.min(8, os.availableParallelism() - 1)),
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'workers/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'page', environment: 'happy-dom', include: ['src/**/*.test.tsx'] } },
    ],
  },
});
