/** What a reason word of an outcome means, and what can be done about it. */
export interface ReasonWords {
  /** A few words for tables. */
  label: string;
  /** What happened to the record, as a sentence. */
  why: string;
  /** What to do, as a sentence. */
  fix: string;
}

const NOTHING = "Nothing: this is how it should be.";

const REASONS: Record<string, ReasonWords> = {
  created: { label: "opened an issue", why: "Its fingerprint was seen for the first time.", fix: NOTHING },
  updated: { label: "joined an issue", why: "Its fingerprint leads to an issue that exists.", fix: NOTHING },
  status_changed: {
    label: "changed a status",
    why: "It asked for another status of an issue.",
    fix: NOTHING,
  },
  unchanged: {
    label: "changed nothing",
    why: "It asked for a status that the issue has already.",
    fix: NOTHING,
  },
  noise_reduction: {
    label: "noise reduction",
    why: "Its kind opens an issue only after several occurrences within a time, and this one came too early.",
    fix: "Nothing, unless issues are missed: then lower the limit of its kind.",
  },
  rate_limited: {
    label: "rate limited",
    why: "The project has opened as many issues of this kind within an hour as its quota allows.",
    fix: "Wait for the hour to pass, raise the quota, or find out why its fingerprints differ each time.",
  },
  duplicate: {
    label: "duplicate",
    why: "A record with the same id was processed within the last five minutes.",
    fix: "Nothing, unless there are many: then the producer sends records twice.",
  },
  feature_disabled: {
    label: "feature disabled",
    why: "Its kind of issue is not released, and its feature is switched off.",
    fix: "Switch the feature on in the settings of the store, or stop sending this kind.",
  },
  category_mismatch: {
    label: "category mismatch",
    why: "Its fingerprint belongs to an issue of another category.",
    fix: "Give this kind fingerprints of its own in the detector that sends it.",
  },
  status_change_pruned: {
    label: "overtaken status change",
    why: "A later status change for the same fingerprint came with the same batch, so this one had no effect.",
    fix: NOTHING,
  },
  status_change_group_not_found: {
    label: "status change without issue",
    why: "It asked for another status of an issue that does not exist.",
    fix: "Check that the sender uses the same fingerprint for both, and sends the occurrence first.",
  },
  status_change_invalid: {
    label: "impossible status change",
    why: "The status and substatus it asked for do not belong together.",
    fix: "Correct the pair in the sender: unresolved and archived need a substatus, resolved has none.",
  },
  status_change_unhandled: {
    label: "status change",
    why: "It asked for another status, which this feed does not carry out.",
    fix: "Change the status in Picket itself.",
  },
  offset_gap: {
    label: "gone before it was read",
    why: "The broker had deleted the record before Picket came to it.",
    fix: "Let the feed run more of the time, or keep records longer on the topic.",
  },
  invalid_json: {
    label: "invalid JSON",
    why: "The value is not UTF-8 or not JSON.",
    fix: "Look at the marked place. If every record is like that, the topic holds another format.",
  },
  invalid_payload: {
    label: "invalid payload",
    why: "It is JSON, but a field is missing or of the wrong kind, or ids contradict each other.",
    fix: "Correct the named field in the sender, then let it send again.",
  },
  invalid_event_schema: {
    label: "invalid event",
    why: "The event inside fits neither the current nor the legacy schema.",
    fix: "Correct the named field of the event. Only one of the two schemas has to fit.",
  },
  invalid_payload_type: {
    label: "invalid payload type",
    why: "“payload_type” is neither an occurrence nor a status change.",
    fix: "Set “payload_type” in the sender, or read another topic.",
  },
  unknown_group_type: {
    label: "unknown kind of issue",
    why: "“type” names no kind of issue that is registered.",
    fix: "Update Picket or register the kind, then replay the record.",
  },
  project_not_found: {
    label: "unknown project",
    why: "The project it names does not exist here.",
    fix: "Create the project, or correct “project_id” in the sender, then replay the record.",
  },
  event_lookup_failed: {
    label: "event not found",
    why: "It refers to an event that is not stored.",
    fix: "Replay it once the event has arrived, or let the sender include the event.",
  },
  internal_error: {
    label: "internal error",
    why: "The store refused the record although it looked right. This is a defect.",
    fix: "Replay it; if it fails again, report it with the details shown here.",
  },
};

/** A reason word such as `invalid_json`, as words. The set is open: new reasons need no change here. */
export function reasonText(reason: string): string {
  return REASONS[reason]?.label ?? reason.replaceAll("_", " ");
}

/** What is known about a reason. */
export function reasonWords(reason: string): ReasonWords {
  return (
    REASONS[reason] ?? {
      label: reasonText(reason),
      why: "Picket's window does not know this reason.",
      fix: "Update Picket, or look into its documentation.",
    }
  );
}

/** How records can end, in the order in which they are drawn and listed. */
export const OUTCOMES = ["accepted", "dropped", "dead_lettered"] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

const OUTCOME_NAMES: Record<OutcomeKind, string> = {
  accepted: "accepted",
  dropped: "dropped",
  dead_lettered: "set aside",
};

/** An outcome word as words. */
export function outcomeText(outcome: string): string {
  return OUTCOME_NAMES[outcome as OutcomeKind] ?? outcome.replaceAll("_", " ");
}
