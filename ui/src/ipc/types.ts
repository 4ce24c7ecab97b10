/**
 * The vocabulary shared with the shell. Everything outside `src/ipc` imports the types from here, so that the
 * generated file has a single importer.
 */
import type { ConnectionProfile as StoredProfile } from "../bindings";

/** A connection with every field. The settings file may leave fields out; what crosses the bridge never does. */
export type ConnectionProfile = Required<StoredProfile>;

export type {
  AppInfo,
  ClusterEnvironment,
  CommandError,
  ConsumeMode,
  DeadLetterDetail,
  DeadLetterRow,
  EvidenceRow,
  FeedState,
  FeedStatus,
  FeedTotals,
  IssueChanges,
  IssueDetail,
  IssueRow,
  IssueSnapshot,
  IssueSort,
  OccurrenceDetail,
  OccurrencePosition,
  OutcomeRow,
  PartitionStatus,
  QueryCheck,
  QueryProblem,
  QueryToken,
  RecordOrigin,
  SaslMechanism,
  SecurityProtocol,
  StartPosition,
  TagPair,
  TestReport,
  TestStep,
  TestStepName,
  TimeBar,
} from "../bindings";
