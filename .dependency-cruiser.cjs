/**
 * The rooms and who may enter which. Imports point down the table, never up, never sideways into a neighbour's inside.
 * `npm run rooms` checks it. A room's tests may import what they need to judge it.
 */

const TESTS = '\\.test\\.tsx?$';
/** Small markets, books and random inputs for tests. */
const FIXTURES = '(^|/)(fixtures/|testMarket\\.ts$|\\w+Arbitraries\\.ts$)';

/** The room at `from` may import itself and what `allowed` names; nothing else of ours. */
const room = (name, from, allowed) => ({
  name: `room-${name}`,
  severity: 'error',
  comment: `${name} may import only: ${allowed.join(', ')}`,
  from: { path: from, pathNot: TESTS },
  to: { path: '^(src|workers|scripts|e2e)/', pathNot: [from, ...allowed] },
});

/** The named packages belong to the places at `from` and are imported nowhere else. */
const reserved = (packages, from, comment) => ({
  name: `package-${packages[0].match(/\w[\w-]*/)[0]}`,
  severity: 'error',
  comment,
  from: { path: '^(src|workers)/', pathNot: [TESTS, ...from] },
  to: { path: `node_modules/(${packages.join('|')})` },
});

const DOMAIN = '^src/engine/domain/';
const NUMERICS = '^src/engine/numerics/';
const PRICING = '^src/engine/pricing/';
const KERNELS = '^src/engine/kernels/';
const SURFACE = '^src/engine/surface/';
const SCENARIO = '^src/engine/scenario/';
const INTEGRITY = '^src/engine/integrity/';
const SIMULATION = '^src/engine/simulation/';
const STYLES = '\\.css$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'a circle has no bottom: move what both need into a file of its own',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-missing-modules',
      severity: 'error',
      comment: 'the import leads nowhere',
      from: {},
      to: { couldNotResolve: true },
    },

    // The engine, bottom up.
    room('domain', DOMAIN, []),
    room('numerics', NUMERICS, []),
    room('pricing', PRICING, [DOMAIN, NUMERICS]),
    room('kernels', KERNELS, [DOMAIN, NUMERICS, PRICING]),
    room('surface', SURFACE, [DOMAIN, NUMERICS, PRICING, KERNELS]),
    room('integrity', INTEGRITY, [DOMAIN, NUMERICS, PRICING, SURFACE]),
    room('scenario', SCENARIO, [DOMAIN, NUMERICS, PRICING, KERNELS, SURFACE]),
    room('simulation', SIMULATION, [DOMAIN, NUMERICS, PRICING, SURFACE]),
    room('proxy', '^src/engine/proxy/', [DOMAIN, NUMERICS, PRICING, KERNELS, SURFACE, SCENARIO]),
    room('var', '^src/engine/var/', [DOMAIN, NUMERICS, KERNELS, SCENARIO, '^src/engine/proxy/']),
    // A venue's rule reprices options at its own shocked vols, which no scenario set of ours holds.
    // A margin that is a VaR takes its tail as every VaR does.
    room('margin', '^src/engine/margin/', [DOMAIN, NUMERICS, PRICING, SCENARIO, '^src/engine/var/tailRisk\\.ts$']),
    room('explain', '^src/engine/explain/', [DOMAIN, NUMERICS, SCENARIO]),
    room('decide', '^src/engine/decide/', [DOMAIN, NUMERICS, SCENARIO, '^src/engine/margin/']),
    room('margin-paths', '^src/engine/marginPaths/', [DOMAIN, NUMERICS, KERNELS, SCENARIO, '^src/engine/margin/']),
    room('engine', '^src/engine/', []),
    {
      name: 'margin-models-are-plug-ins',
      severity: 'error',
      comment: 'a model knows the interface, not the list and not its sisters',
      from: { path: '^src/engine/margin/models/([^/.]+)', pathNot: TESTS },
      to: {
        path: '^src/engine/margin/(models/|marginModels\\.|headroomModels\\.)',
        pathNot: '^src/engine/margin/models/$1[./]',
      },
    },
    {
      name: 'engine-takes-only-pure-mathematics',
      severity: 'error',
      comment:
        'the engine runs in a page, a worker, Node or a notebook as it is; a package joins this list by being pure mathematics',
      from: { path: '^src/engine/', pathNot: [TESTS, FIXTURES] },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core', 'unknown'],
        pathNot: ['node_modules/(ml-levenberg-marquardt|ml-matrix|@stdlib)/', '^\\.'],
      },
    },

    // The page, the worker and the terminal.
    room('formats', '^src/formats/', [DOMAIN]),
    // A venue that quotes prices instead of vols is read, and a simulated one priced, by the engine's own mathematics.
    room('adapters', '^src/adapters/', [DOMAIN, '^src/formats/', NUMERICS, PRICING, INTEGRITY, SIMULATION]),
    room('queries', '^src/queries/', [DOMAIN, INTEGRITY, '^src/adapters/', '^src/formats/']),
    room('state', '^src/state/', [DOMAIN, '^src/formats/']),
    room('ui', '^src/ui/', [DOMAIN]),
    room('compute', '^src/compute/', [DOMAIN, '^src/state/', '^workers/RiskApi\\.ts$']),
    room('panels', '^src/panels/', [
      DOMAIN,
      '^src/ui/',
      '^src/state/',
      '^src/queries/',
      '^src/compute/(tasks/|RiskEngineContext\\.ts$)',
    ]),
    room('app', '^src/app/', [
      DOMAIN,
      '^src/(panels|ui|state|queries|compute|adapters|formats)/',
      '^workers/(RiskApi|OfflineMessage)\\.ts$',
    ]),
    room('main', '^src/main\\.ts$', ['^src/app/', STYLES]),
    room('cli', '^src/cli/', ['^src/engine/', '^src/formats/', '^src/adapters/']),
    room('workers', '^workers/', ['^src/engine/', '^src/formats/']),
    {
      name: 'panels-do-not-know-each-other',
      severity: 'error',
      comment: 'what two panels share belongs to ui, state or queries',
      from: { path: '^src/panels/([^/]+)/' },
      to: { path: '^src/panels/', pathNot: '^src/panels/$1/' },
    },
    {
      name: 'the-worker-is-reached-by-its-contract',
      severity: 'error',
      comment: 'import type from the contracts of workers: a value import pulls the engine into the page',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: '^workers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'node-only-in-the-terminal',
      severity: 'error',
      comment: 'a page has no files, no paths and no processes',
      from: { path: '^(src|workers)/', pathNot: [TESTS, '^src/cli/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'what ships imports neither tests nor what is made for them',
      from: { pathNot: [TESTS, FIXTURES] },
      to: { path: [TESTS, FIXTURES] },
    },

    // Packages and their places.
    reserved(
      ['react', 'react-dom', '@base-ui/react', '@tanstack/[^/]+'],
      ['^src/(panels|ui|queries|state|app)/', '^src/compute/(tasks/|RiskEngineContext\\.ts$)', '^src/main\\.tsx$'],
      'what computes, parses or fetches does not render',
    ),
    reserved(['echarts', 'zrender'], ['^src/ui/chartLibrary\\.ts$'], 'one file registers the chart types in use'),
    reserved(['zod', 'papaparse'], ['^src/formats/'], 'foreign data is parsed at the edge, in src/formats'),
    reserved(
      ['zustand/esm/(?!react/shallow)', 'zundo'],
      ['^src/state/'],
      'there is one store; only useShallow is for all',
    ),
    reserved(['idb'], ['^src/adapters/'], 'storage is outside'),
    reserved(['partysocket'], ['^src/adapters/market/deribit/'], 'one file holds the connection to the exchange'),
    reserved(['comlink'], ['^workers/', '^src/compute/', '^src/app/startRiskEngine\\.ts$'], 'threads meet at one door'),
    reserved(
      ['ml-levenberg-marquardt', 'ml-matrix'],
      ['^src/engine/', '^src/cli/conformance/'],
      'mathematics belongs to the engine; what judges it hands over matrices',
    ),
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      comment: 'what ships may use only `dependencies`',
      from: { path: '^(src|workers)/', pathNot: [TESTS, FIXTURES] },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
};
