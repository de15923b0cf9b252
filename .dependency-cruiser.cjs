// Which folder may import which: see "Import directions" in ARCHITECTURE.md.

/** @param {string} name @param {string} from @param {string} to @param {string} comment */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'no-rings',
      'Files that need each other are one thing or need a third.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'runtime-alone',
      'The host runs without the editor.',
      { path: '^runtime/' },
      { path: '^(extension|media|test)/' },
    ),
    forbid(
      'runtime-no-editor',
      'The host never sees the editor API.',
      { path: '^runtime/' },
      { path: '^vscode$' },
    ),
    forbid(
      'support-alone',
      'Helpers hold no product knowledge.',
      { path: '^runtime/support/' },
      { path: '^(runtime/(?!support/)|extension/)' },
    ),
    forbid(
      'model-low',
      'The model knows helpers only.',
      { path: '^runtime/model/' },
      { path: '^runtime/(?!model/|support/)' },
    ),
    forbid(
      'model-no-io',
      'The model performs no I/O.',
      { path: '^runtime/model/' },
      { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads)$' },
    ),
    forbid(
      'protocol-low',
      'A protocol is imported by both sides and imports neither.',
      { path: '^runtime/protocol/' },
      { path: '^runtime/(?!protocol/|model/|support/)' },
    ),
    forbid(
      'bootstrap-alone',
      'Code inside instances brings nothing of the host along.',
      {
        path: '(\\.?bootstrap[^/]*\\.ts|^runtime/languages/[^/]+/observers/.*|^runtime/platforms/[^/]+/instance/.*)$',
      },
      {
        path: '^runtime/(?!protocol/instance/|model/(words|resultStream|webMessage|goDuration|cloudEvents/)|support/http(Text|Headers)|languages/[^/]+/(bootstrap|observers/)|platforms/[^/]+/(instance/|[^/]+\\.bootstrap))',
      },
    ),
    forbid(
      'languages-low',
      'A language knows no instance.',
      { path: '^runtime/languages/' },
      {
        path: '^runtime/(instances|invocations|triggers|packaging|deploy|platforms|history|host|cli|project)/',
      },
    ),
    forbid(
      'instances-low',
      'Instances know no invocation and no platform.',
      { path: '^runtime/instances/' },
      { path: '^runtime/(invocations|triggers|packaging|deploy|platforms|history|host|cli|project)/' },
    ),
    forbid(
      'invocations-low',
      'The core knows no member by name.',
      { path: '^runtime/invocations/' },
      { path: '^runtime/(triggers|deploy|platforms|history|host|cli|project)/' },
    ),
    forbid(
      'triggers-low',
      'A source of events knows invocations at most.',
      { path: '^runtime/triggers/' },
      { path: '^runtime/(packaging|deploy|platforms|history|host|cli|project)/' },
    ),
    forbid(
      'packaging-low',
      'Packaging knows definitions only.',
      { path: '^runtime/packaging/' },
      {
        path: '^runtime/(languages|instances|invocations|triggers|deploy|platforms|history|host|cli|project)/',
      },
    ),
    forbid(
      'profile-low',
      "A profile is made of measured loads; measuring them is the host's.",
      { path: '^runtime/profile/' },
      { path: '^runtime/(?!profile/|model/|protocol/|support/|packaging/artifactStore)' },
    ),
    forbid(
      'testing-low',
      "Saved events are found and judged here; how a function is invoked is the host's.",
      { path: '^runtime/testing/' },
      { path: '^runtime/(?!testing/|model/|support/|packaging/handlerTargets)' },
    ),
    forbid(
      'deploy-low',
      'Deploying is the same for every platform.',
      { path: '^runtime/deploy/' },
      { path: '^runtime/(triggers|history|cli)/' },
    ),
    forbid(
      'agents-low',
      'Tools for agents know the protocol only, so that editor and command line share them.',
      { path: '^runtime/agents/' },
      { path: '^runtime/(?!agents/|model/|protocol/|support/)' },
    ),
    forbid(
      'history-low',
      'The store knows records only.',
      { path: '^runtime/history/' },
      { path: '^runtime/(?!history/|model/|protocol/|support/)' },
    ),
    forbid(
      'project-low',
      'Reading a project runs nothing.',
      { path: '^runtime/project/' },
      { path: '^runtime/(instances|invocations|triggers|deploy|history|host|cli)/' },
    ),
    forbid(
      'host-not-cli',
      'The host does not know its command line.',
      { path: '^runtime/host/' },
      { path: '^runtime/(cli/|main)' },
    ),
    forbid(
      'pages-alone',
      'The page of the timeline runs in a browser: it has what is drawn, and data.',
      { path: '^extension/timeline/(webview|chart)/' },
      {
        path: '^(extension/|runtime/|node:|fs|path$)',
        pathNot: '^(extension/timeline/|extension/presentation/numbers|runtime/(model|support)/)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'charts-draw-nothing',
      'What is laid out is computed without a browser.',
      { path: '^extension/timeline/chart/' },
      { path: '^extension/timeline/webview/' },
    ),
    forbid(
      'members-apart-platforms',
      'Clouds do not know each other.',
      { path: '^runtime/platforms/([^/]+)/' },
      { path: '^runtime/platforms/[^/]+/', pathNot: '^runtime/platforms/$1/' },
    ),
    forbid(
      'members-apart-languages',
      'Languages do not know each other.',
      { path: '^runtime/languages/([^/]+)/' },
      { path: '^runtime/languages/[^/]+/', pathNot: '^runtime/languages/$1/' },
    ),
    forbid(
      'members-apart-triggers',
      'Sources of events do not know each other.',
      { path: '^runtime/triggers/([^/]+)/' },
      { path: '^runtime/triggers/[^/]+/', pathNot: '^runtime/triggers/$1/' },
    ),
    forbid(
      'extension-sees-base',
      'The editor side shares only the base of the runtime, and the tools that agents use of it.',
      { path: '^extension/' },
      { path: '^runtime/(?!support/|model/|protocol/|agents/)' },
    ),
    forbid(
      'server-alone',
      'The language server runs without the editor API.',
      { path: '^extension/language/server/' },
      { path: '^(vscode$|extension/(?!language/(server/|messages)))' },
    ),
    forbid(
      'features-apart',
      'Features of the extension meet in extension.ts.',
      { path: '^extension/(commands|views|debug|inline|testing|webviews)/' },
      {
        path: '^extension/(commands|views|debug|inline|testing|webviews|language)/',
        pathNot: '^extension/$1/',
      },
    ),
    forbid('nothing-from-tests', 'Tests are imported by nothing.', { pathNot: '^test/' }, { path: '^test/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['node', 'import', 'require', 'default'],
    },
  },
};
