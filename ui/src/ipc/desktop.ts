import { Channel } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { commands, events } from "../bindings";
import { type Host, HostError, type OnProgress, type Unsubscribe } from "./host";
import type { CommandError, ConnectionProfile, JobProgress } from "./types";

type Answer<T> = Promise<{ status: "ok"; data: T } | { status: "error"; error: CommandError }>;

async function unwrap<T>(answer: Answer<T>): Promise<T> {
  const result = await answer;
  if (result.status === "error") throw new HostError(known(result.error));
  return result.data;
}

/** Tauri itself refuses a call with a bare text. */
function known(error: CommandError | string): CommandError {
  if (typeof error !== "string") return error;
  return { code: "internal", message: error, detail: null, retryable: false };
}

/**
 * Event subscription is asynchronous in the shell while effects clean up synchronously, so an unsubscribe that
 * comes first has to be remembered until the handle arrives.
 */
function subscription(pending: Promise<Unsubscribe>): Unsubscribe {
  let ended = false;
  let stop: Unsubscribe | undefined;
  void pending.then((unlisten) => {
    if (ended) unlisten();
    else stop = unlisten;
  });
  return () => {
    ended = true;
    stop?.();
  };
}

/** A line on which the shell reports how far a job is. */
function progressTo(listener: OnProgress): Channel<JobProgress> {
  const channel = new Channel<JobProgress>();
  channel.onmessage = listener;
  return channel;
}

/** Names a question that is withdrawn when nobody waits for the answer any more. */
function questionOf(signal: AbortSignal | undefined): string | null {
  if (!signal) return null;
  const question = crypto.randomUUID();
  signal.addEventListener("abort", () => void commands.questionWithdraw(question), { once: true });
  return question;
}

/** The desktop shell, reached through the generated bindings. */
export function createDesktopHost(): Host {
  return {
    issueSnapshot: (query, sort, grouping = null, signal) =>
      unwrap(commands.issueSnapshot(query, sort, grouping, questionOf(signal))),
    issueHead: (query, sort, signal) => unwrap(commands.issueHead(query, sort, questionOf(signal))),
    issueCount: (query, signal) => unwrap(commands.issueCount(query, questionOf(signal))),
    groupTrends: (query, grouping, keys) => unwrap(commands.groupTrends(query, grouping, keys)),
    issueChanges: (query, { revision, total, list }, signal) =>
      unwrap(commands.issueChanges(query, { revision, total, list }, questionOf(signal))),
    issueRows: (ids) => unwrap(commands.issueRows(ids)),
    issueExtras: (ids, query, sort, columns) => unwrap(commands.issueExtras(ids, query, sort, columns)),
    issueSimilar: (id, limit) => unwrap(commands.issueSimilar(id, limit)),
    issueDetail: (id) => unwrap(commands.issueDetail(id)),
    issueActivities: (id, limit) => unwrap(commands.issueActivities(id, limit)),
    people: () => unwrap(commands.people()),
    projectReleases: (project) => unwrap(commands.projectReleases(project)),
    occurrenceDetail: (issueId, position) => unwrap(commands.occurrenceDetail(issueId, position)),
    queryCheck: (text) => unwrap(commands.queryCheck(text)),
    queryComplete: (text, caret) => unwrap(commands.queryComplete(text, caret)),
    queryExplain: (query, sort, signal) => unwrap(commands.queryExplain(query, sort, questionOf(signal))),
    selectionSummary: (selection) => unwrap(commands.selectionSummary(selection)),
    labels: (selection) => unwrap(commands.labels(selection)),
    standings: (selection) => unwrap(commands.standings(selection)),
    bulkChange: (selection, change, onProgress) =>
      unwrap(commands.bulkChange(selection, change, progressTo(onProgress))),
    jobs: () => unwrap(commands.jobs()),
    jobCancel: (job) => unwrap(commands.jobCancel(job)),
    jobResume: (id, onProgress) => unwrap(commands.jobResume(id, progressTo(onProgress))),
    issueOpened: (id) => unwrap(commands.issueOpened(id)),
    journal: (wanted, before, limit) => unwrap(commands.journal(wanted, before, limit)),
    journalIssues: (id, after, limit) => unwrap(commands.journalIssues(id, after, limit)),
    journalUndo: (id, overwrite, onProgress) =>
      unwrap(commands.journalUndo(id, overwrite, progressTo(onProgress))),
    views: () => unwrap(commands.views()),
    viewSave: (view) => unwrap(commands.viewSave(view)),
    viewDelete: (id) => unwrap(commands.viewDelete(id)),
    viewsReorder: (ids) => unwrap(commands.viewsReorder(ids)),
    viewCounts: (ids) => unwrap(commands.viewCounts(ids)),
    exportPreview: (source, options) => unwrap(commands.exportPreview(source, options)),
    exportRun: (source, options, path, overwrite, onProgress) =>
      unwrap(commands.exportRun(source, options, path, overwrite, progressTo(onProgress))),
    exportText: (source, options) => unwrap(commands.exportText(source, options)),
    windowOpen: (place) => unwrap(commands.windowOpen(place)),
    suggestedSavePath: (name) => unwrap(commands.suggestedSavePath(name)),
    pickSavePath: (path) => unwrap(commands.pickSavePath(path)),
    bundleOpen: (path) => unwrap(commands.bundleOpen(path)),
    bundleClose: () => unwrap(commands.bundleClose()),
    bundleGiven: () => unwrap(commands.bundleGiven()),
    pickBundle: () => unwrap(commands.pickBundle()),
    // What the shell sends is always complete; only the settings file may leave fields out.
    connectionList: async () => (await unwrap(commands.connectionList())) as ConnectionProfile[],
    connectionSave: async (profile, password, previousName) =>
      (await unwrap(commands.connectionSave(profile, password, previousName))) as ConnectionProfile,
    connectionDelete: (name) => unwrap(commands.connectionDelete(name)),
    connectionTest: (profile, password) => unwrap(commands.connectionTest(profile, password)),
    feedStart: (connection) => unwrap(commands.feedStart(connection)),
    feedStop: () => unwrap(commands.feedStop()),
    feedStatus: () => unwrap(commands.feedStatus()),
    deadLetters: (filter) => unwrap(commands.deadLetters(filter)),
    deadLetter: (id) => unwrap(commands.deadLetter(id)),
    deadLettersReplay: (ids) => unwrap(commands.deadLettersReplay(ids)),
    deadLettersDiscard: (ids) => unwrap(commands.deadLettersDiscard(ids)),
    deadLettersRestore: (ids) => unwrap(commands.deadLettersRestore(ids)),
    outcomes: (by) => unwrap(commands.outcomes(by)),
    appInfo: () => unwrap(commands.appInfo()),
    setZoom: (factor) => getCurrentWebview().setZoom(factor),
    onStoreChanged: (listener) =>
      subscription(events.storeChanged.listen((event) => listener(event.payload.revision))),
    onStoreOpened: (listener) => subscription(events.storeOpened.listen(() => listener())),
    onEngineStatus: (listener) =>
      subscription(events.engineStatus.listen((event) => listener(event.payload))),
  };
}
