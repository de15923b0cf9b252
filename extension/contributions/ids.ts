/*
 * Every id that the manifest and the code share. A test compares them with package.json, so that neither can name
 * something the other does not know.
 */

/** The view container and its views. */
export const viewIds = {
  container: 'porchlight',
  functions: 'porchlight.functions',
  invocations: 'porchlight.invocations',
  deployed: 'porchlight.deployed',
} as const;

/** Type of the editor tabs that show a timeline. */
export const timelineViewType = 'porchlight.timeline';

/** Commands that the manifest lists. */
export const commandIds = {
  invoke: 'porchlight.invoke',
  invokeInFile: 'porchlight.invokeInFile',
  invokeWithEvent: 'porchlight.invokeWithEvent',
  invokeWithSample: 'porchlight.invokeWithSample',
  fireTrigger: 'porchlight.fireTrigger',
  startTrigger: 'porchlight.startTrigger',
  stopTrigger: 'porchlight.stopTrigger',
  actOnTrigger: 'porchlight.actOnTrigger',
  sendMessage: 'porchlight.sendMessage',
  openTriggerFolder: 'porchlight.openTriggerFolder',
  profile: 'porchlight.profile',
  showTimeline: 'porchlight.showTimeline',
  putUnderLoad: 'porchlight.putUnderLoad',
  debug: 'porchlight.debug',
  stopDebugging: 'porchlight.stopDebugging',
  debugInvoke: 'porchlight.debugInvoke',
  explainBreakpoint: 'porchlight.explainBreakpoint',
  switchProcessModel: 'porchlight.switchProcessModel',
  stopInstance: 'porchlight.stopInstance',
  openHandler: 'porchlight.openHandler',
  copyUrl: 'porchlight.copyUrl',
  openInBrowser: 'porchlight.openInBrowser',
  reloadProject: 'porchlight.reloadProject',
  newFunction: 'porchlight.newFunction',
  openExample: 'porchlight.openExample',
  getStarted: 'porchlight.getStarted',
  showLog: 'porchlight.showLog',
  restartHost: 'porchlight.restartHost',
  rerunInvocation: 'porchlight.rerunInvocation',
  replayWith: 'porchlight.replayWith',
  editEvent: 'porchlight.editEvent',
  sendEvent: 'porchlight.sendEvent',
  sendEventDebugged: 'porchlight.sendEventDebugged',
  sendEventWith: 'porchlight.sendEventWith',
  debugFailure: 'porchlight.debugFailure',
  compareWithOriginal: 'porchlight.compareWithOriginal',
  compareWithPrevious: 'porchlight.compareWithPrevious',
  selectForCompare: 'porchlight.selectForCompare',
  compareWithSelected: 'porchlight.compareWithSelected',
  compareSelected: 'porchlight.compareSelected',
  cancelInvocation: 'porchlight.cancelInvocation',
  copyInvocationId: 'porchlight.copyInvocationId',
  saveTestEvent: 'porchlight.saveTestEvent',
  filterInvocations: 'porchlight.filterInvocations',
  clearFilter: 'porchlight.clearFilter',
  clearInvocations: 'porchlight.clearInvocations',
  toggleInlineLogs: 'porchlight.toggleInlineLogs',
  deploy: 'porchlight.deploy',
  deployTo: 'porchlight.deployTo',
  rollBack: 'porchlight.rollBack',
  removeDeployed: 'porchlight.removeDeployed',
  invokeDeployed: 'porchlight.invokeDeployed',
  refreshDeployed: 'porchlight.refreshDeployed',
  showRemoteLogs: 'porchlight.showRemoteLogs',
  followDeployed: 'porchlight.followDeployed',
  stopFollowing: 'porchlight.stopFollowing',
  replayLocally: 'porchlight.replayLocally',
  serveStart: 'porchlight.serveStart',
  serveStop: 'porchlight.serveStop',
  serveStatus: 'porchlight.serveStatus',
} as const;

/** Commands that only our own rows and links run; the manifest does not list them. */
export const internalCommandIds = {
  openSource: 'porchlight.internal.openSource',
  openBody: 'porchlight.internal.openBody',
  showInvocation: 'porchlight.internal.showInvocation',
  loadMore: 'porchlight.internal.loadMoreInvocations',
  copyLogged: 'porchlight.internal.copyLogged',
  showLoggedAt: 'porchlight.internal.showLoggedAt',
  followLatest: 'porchlight.internal.followLatest',
  remedy: 'porchlight.internal.breakpointRemedy',
  /** Opens the page that explains a rule; takes its id. */
  explainRule: 'porchlight.internal.explainRule',
} as const;

/** The id of one of our commands. */
export type CommandId =
  (typeof commandIds)[keyof typeof commandIds] | (typeof internalCommandIds)[keyof typeof internalCommandIds];

/** Settings. */
export const settingIds = {
  nodePath: 'porchlight.nodePath',
  inlineLogs: 'porchlight.inlineLogs.show',
  /** Of earlier versions. */
  inlineLogsFormer: 'porchlight.inlineLogs.enabled',
  importCosts: 'porchlight.importCosts.enabled',
  /** How loudly rules about handler code speak, by rule. */
  rules: 'porchlight.rules',
} as const;

/** Keys for when-clauses, with the values they take. */
export const contextKeys = {
  /** A workspace folder looks as if it had functions. */
  hasProject: 'porchlight.hasProject',
  /** Functions are listed. */
  hasFunctions: 'porchlight.hasFunctions',
  hasInvocations: 'porchlight.hasInvocations',
  /** The host found errors in the project's files. */
  hasProblems: 'porchlight.hasProblems',
  /** `looking` for a project, or the state of the host: `none`, `starting`, `running`, `waiting`, `stopped`, `failed`. */
  host: 'porchlight.host',
  filtered: 'porchlight.invocationsFiltered',
  /** An invocation waits to be compared with another one. */
  selectedForCompare: 'porchlight.selectedForCompare',
  serving: 'porchlight.serving',
  /** The log of something deployed is followed. */
  following: 'porchlight.following',
  /** An invocation was warm: its instance had served before. */
  wasWarm: 'porchlight.wasWarm',
  /** The tour was just opened. The editor looks at the keys of its steps only when one of them changes. */
  touring: 'porchlight.touring',
  /** Something is deployed. */
  hasDeployed: 'porchlight.hasDeployed',
  /** F5 is to debug functions: the active file is in a folder with functions and without configurations. */
  canDebug: 'porchlight.canDebug',
  /** Functions are being debugged. */
  debugging: 'porchlight.debugging',
  /** Lines of the active editor with breakpoints, from 1. */
  breakpointLines: 'porchlight.breakpointLines',
} as const;

/** Type of our debug configurations. */
export const debugType = 'porchlight';

/** Debug type of the sessions with Python instances; only we start them. */
export const pythonDebugType = 'porchlight-python';
/** Debug type of the sessions with instances of programs in Go; only we start them. */
export const goDebugType = 'porchlight-go';

/** Colours. */
export const colorIds = {
  inlineLog: 'porchlight.inlineLog',
  inlineWarning: 'porchlight.inlineWarning',
  inlineError: 'porchlight.inlineError',
  inlineOutdated: 'porchlight.inlineOutdated',
  breakpointHint: 'porchlight.breakpointHint',
  importCost: 'porchlight.importCost',
  importCostOutdated: 'porchlight.importCostOutdated',
} as const;

/** Id of our tests in the Testing view. */
export const testControllerId = 'porchlight';

/** Scheme of read-only documents: events, results and plans. */
export const documentScheme = 'porchlight';

/** Scheme of events that are edited before they are sent again. */
export const eventScheme = 'porchlight-event';

/** The walkthrough, as the editor's commands name it. */
export const walkthroughId = 'porchlight.porchlight#start';

/** The status bar item. */
export const statusItemId = 'porchlight.host';

/** Keys of what is remembered, per workspace where nothing else is said. */
export const stateKeys = {
  lastEvents: 'porchlight.lastEvents',
  deployTargets: 'porchlight.deployTargets',
  /** In all windows: the example that the next one opens with. */
  opening: 'porchlight.opening',
} as const;
