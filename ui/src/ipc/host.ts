import type {
  Activity,
  AppInfo,
  BulkReport,
  BundleInfo,
  CommandError,
  Completion,
  ConnectionProfile,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterList,
  DeadLettersChanged,
  Explain,
  ExportOptions,
  ExportPreview,
  ExportReport,
  ExportSource,
  FeedStatus,
  IssueChange,
  IssueChanges,
  IssueColumn,
  IssueDetail,
  IssueExtras,
  IssueGrouping,
  IssueHead,
  IssueOrder,
  IssueRow,
  IssueSnapshot,
  Job,
  JobProgress,
  JournalEntry,
  JournalIssue,
  JournalWanted,
  LabelCount,
  OccurrenceDetail,
  OccurrencePosition,
  OutcomeGrouping,
  OutcomeRow,
  People,
  QueryCheck,
  ReplayReport,
  SavedView,
  Selection,
  SelectionSummary,
  SimilarIssues,
  StandingCounts,
  TestReport,
  UndoReport,
  ViewCount,
} from "./types";

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Told how far a job is. The first call comes before anything has changed. */
export type OnProgress = (progress: JobProgress) => void;

/** Most ids that one {@link Host.issueRows} call may ask for. */
export const MAX_ROWS_PER_CALL = 200;

/** A command that failed, with the closed set of codes the interface decides on. */
export class HostError extends Error {
  readonly code: CommandError["code"];
  readonly detail: string | null;
  readonly retryable: boolean;

  constructor(error: CommandError) {
    super(error.message);
    this.name = "HostError";
    this.code = error.code;
    this.detail = error.detail;
    this.retryable = error.retryable;
  }
}

/**
 * Everything the interface can ask of the program around it. There are two: the desktop shell, and a fixture that
 * lives in the page and serves development and tests. Calls resolve with the data or reject with {@link HostError}.
 */
export interface Host {
  /**
   * Without a grouping the answer has no groups. Where `signal` says that nobody waits any more, the store stops
   * looking, and the call rejects.
   */
  issueSnapshot(
    query: string,
    sort: IssueOrder,
    grouping?: IssueGrouping | null,
    signal?: AbortSignal,
  ): Promise<IssueSnapshot>;
  /**
   * How a snapshot without groups begins, to be shown until that is there; null where it would not be there much
   * sooner. Aborting withdraws the question, as that of the snapshot.
   */
  issueHead(query: string, sort: IssueOrder, signal?: AbortSignal): Promise<IssueHead | null>;
  /** How many issues a query matches, without their ids. Aborting withdraws the question. */
  issueCount(query: string, signal?: AbortSignal): Promise<number>;
  /**
   * Events per hour of groups of a list, as {@link IssueRow.trend} has them of an issue, in the order of the keys.
   * At most {@link MAX_ROWS_PER_CALL} of them.
   */
  groupTrends(query: string, grouping: IssueGrouping, keys: (string | null)[]): Promise<number[][]>;
  /**
   * What has changed for a query since a snapshot of it. The order plays no part. With the name of the snapshot's list
   * it goes by issues; without it, or where that list is no longer kept, one that came back and one that left cancel
   * out. Aborting withdraws the question.
   */
  issueChanges(
    query: string,
    snapshot: Pick<IssueSnapshot, "revision" | "total" | "list">,
    signal?: AbortSignal,
  ): Promise<IssueChanges>;
  /** At most {@link MAX_ROWS_PER_CALL} ids; ids that vanished are left out of the answer. */
  issueRows(ids: string[]): Promise<IssueRow[]>;
  /** What the columns of a list show of some of its issues beside their rows. */
  issueExtras(ids: string[], query: string, sort: IssueOrder, columns: IssueColumn[]): Promise<IssueExtras[]>;
  issueDetail(id: string): Promise<IssueDetail>;
  /** Issues it could be merged with, the one most like it first. At most 20. */
  issueSimilar(id: string, limit: number): Promise<SimilarIssues>;
  /** Newest first. The last one is the first sighting, unless `limit` cut it off. */
  issueActivities(id: string, limit: number): Promise<Activity[]>;
  people(): Promise<People>;
  /** `project`: its slug. Newest first. */
  projectReleases(project: string): Promise<string[]>;
  occurrenceDetail(issueId: string, position: OccurrencePosition): Promise<OccurrenceDetail>;
  queryCheck(text: string): Promise<QueryCheck>;
  /** What can stand at a caret, which counts UTF-16 code units. */
  queryComplete(text: string, caret: number): Promise<Completion>;
  /** How a query is answered. Aborting withdraws the question. */
  queryExplain(query: string, sort: IssueOrder, signal?: AbortSignal): Promise<Explain>;
  selectionSummary(selection: Selection): Promise<SelectionSummary>;
  /** Every label that some issue has, by its text, with how many issues of the selection have it. */
  labels(selection: Selection): Promise<LabelCount[]>;
  standings(selection: Selection): Promise<StandingCounts>;
  bulkChange(selection: Selection, change: IssueChange, onProgress: OnProgress): Promise<BulkReport>;
  jobs(): Promise<Job[]>;
  /** Ends a bulk change, an undo or an export after the chunk it is at. */
  jobCancel(job: string): Promise<null>;
  jobResume(id: string, onProgress: OnProgress): Promise<BulkReport>;
  /** Marks an issue as seen because somebody opened it, which is not what is undone next. */
  issueOpened(id: string): Promise<BulkReport>;
  /** Newest first: the entries before `before`. */
  journal(wanted: JournalWanted, before: string | null, limit: number): Promise<JournalEntry[]>;
  /** Issues of an entry by their id: those after `after`. */
  journalIssues(id: string, after: string | null, limit: number): Promise<JournalIssue[]>;
  /** `overwrite`: also takes it back from issues that were changed again since. Only what can be stopped is reported on. */
  journalUndo(id: string, overwrite: boolean, onProgress: OnProgress): Promise<UndoReport>;
  views(): Promise<SavedView[]>;
  /** Creates a view whose id is empty; one that was deleted comes back under its id. */
  viewSave(view: SavedView): Promise<SavedView>;
  viewDelete(id: string): Promise<null>;
  viewsReorder(ids: string[]): Promise<SavedView[]>;
  viewCounts(ids: string[]): Promise<ViewCount[]>;
  exportPreview(source: ExportSource, options: ExportOptions): Promise<ExportPreview>;
  exportRun(
    source: ExportSource,
    options: ExportOptions,
    path: string,
    overwrite: boolean,
    onProgress: OnProgress,
  ): Promise<ExportReport>;
  /** For the clipboard; more than 5 MB are refused. */
  exportText(source: ExportSource, options: ExportOptions): Promise<string>;
  /** Opens another window at a place of the router. */
  windowOpen(place: string): Promise<null>;
  /** A file of this name in the folder of downloads, where none is yet. */
  suggestedSavePath(name: string): Promise<string>;
  /** Null where the dialog was cancelled. */
  pickSavePath(path: string): Promise<string | null>;
  /** Shows a bundle in place of the store; where it does not open, nothing changes. */
  bundleOpen(path: string): Promise<BundleInfo>;
  bundleClose(): Promise<null>;
  /** The file that Picket was asked to open from outside; null where there is none, or where it was asked for before. */
  bundleGiven(): Promise<string | null>;
  /** Null where the dialog was cancelled. */
  pickBundle(): Promise<string | null>;
  connectionList(): Promise<ConnectionProfile[]>;
  /** `password`: null leaves the stored one, an empty text removes it. */
  connectionSave(
    profile: ConnectionProfile,
    password: string | null,
    previousName: string | null,
  ): Promise<ConnectionProfile>;
  connectionDelete(name: string): Promise<null>;
  connectionTest(profile: ConnectionProfile, password: string | null): Promise<TestReport>;
  /** Starts a saved connection by name, or `demo`. */
  feedStart(connection: string): Promise<FeedStatus>;
  feedStop(): Promise<FeedStatus>;
  feedStatus(): Promise<FeedStatus>;
  deadLetters(filter: DeadLetterFilter): Promise<DeadLetterList>;
  deadLetter(id: string): Promise<DeadLetterDetail>;
  deadLettersReplay(ids: string[]): Promise<ReplayReport>;
  deadLettersDiscard(ids: string[]): Promise<DeadLettersChanged>;
  /** Takes a discard back. */
  deadLettersRestore(ids: string[]): Promise<DeadLettersChanged>;
  outcomes(by: OutcomeGrouping): Promise<OutcomeRow[]>;
  appInfo(): Promise<AppInfo>;
  /** Draws the window this many times as large. */
  setZoom(factor: number): Promise<void>;
  /** A hint that the store has a new revision; what changed has to be asked for. */
  onStoreChanged(listener: (revision: string) => void): Unsubscribe;
  /** Another store is open, or the same one in another way: what is known about it is out of date. */
  onStoreOpened(listener: () => void): Unsubscribe;
  onEngineStatus(listener: (status: FeedStatus) => void): Unsubscribe;
}
