/** Import rules. Each comment says what to do instead. */
const engine = '^src/engine';
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Move the shared part to a file both may import.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'engine-is-pure',
      comment: 'The engine knows no page and no worker: pass plain values in.',
      severity: 'error',
      from: { path: engine },
      to: { path: '^src/(workers|charts|ui)' },
    },
    {
      name: 'tensorflow-through-one-door',
      comment: 'Import from engine/tensor/tf.ts.',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(engine/tensor|workers/wasm)' },
      to: { path: '@tensorflow' },
    },
    {
      name: 'engine-npm-allowlist',
      comment: 'Add the library to this list and to DECISIONS.md, or do without.',
      severity: 'error',
      from: { path: engine, pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['npm'],
        pathNot:
          'node_modules/(@tensorflow|@stdlib|papaparse|fflate|hyparquet-writer|fft\\.js|ml-savitzky-golay|ml-matrix|ml-kmeans|pure-rand|umap-js|valibot)',
      },
    },
    {
      name: 'models-are-islands',
      // Files of one model share their first word: amad.ts, amadParams.ts.
      comment: 'Share code through engine/models/shared, engine/tensor, engine/math or engine/train.',
      severity: 'error',
      from: { path: '^src/engine/models/([a-z]+)[^/]*\\.ts$', pathNot: '(index|/steps|\\.test|\\.testkit)\\.ts$' },
      to: { path: '^src/engine/(models/(?!$1|shared/)|data/|detect/|query/|eval/|pipeline)' },
    },
    {
      name: 'charts-know-no-ui',
      comment: 'A chart takes plain input; let the panel prepare it.',
      severity: 'error',
      from: { path: '^src/charts' },
      to: { path: '^src/(ui|workers)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'charts-engine-types-only',
      comment:
        'Decimation and statistics belong to the worker; only the address arithmetic of tiles (pyramid.ts) is shared.',
      severity: 'error',
      from: { path: '^src/charts', pathNot: '\\.test\\.tsx?$' },
      to: { path: engine, pathNot: '^src/engine/(pyramid|errors)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-reaches-engine-through-the-client',
      comment:
        'Ask the worker through workers/client.ts; types are fine. Only how texts are put together (translate.ts, explain.ts) is shared.',
      severity: 'error',
      from: { path: '^src/ui', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: '^src/(engine|workers/(?!client\\.ts))',
        pathNot: '^src/engine/(translate|detect/explain)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
