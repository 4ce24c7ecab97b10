import { assigneeOf } from "@/app/people";
import { archiveTerm } from "@/features/triage/words";
import type { Activity, People } from "@/ipc";
import { formatCount, formatMinutes, plural } from "@/lib/format";

/** Kinds of entries that are drawn alike. */
export type ActivityMark =
  | "resolved"
  | "unresolved"
  | "archived"
  | "regressed"
  | "escalating"
  | "priority"
  | "person"
  | "note"
  | "review"
  | "merge"
  | "first"
  | "other";

/** An entry of the history in words. */
export interface ActivityText {
  mark: ActivityMark;
  /** A sentence without a full stop. */
  sentence: string;
  /** Text that belongs to it, as a person wrote it. */
  body?: string;
}

type Data = Record<string, unknown>;

function read(text: string): Data {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
const numberOf = (value: unknown) => (typeof value === "number" && value > 0 ? value : null);

function archive(who: string, data: Data): string {
  if (data.ignoreUntilEscalating === true) return `${who} archived it until it escalates`;
  const change = {
    kind: "archive_until",
    minutes: numberOf(data.ignoreDuration),
    count: numberOf(data.ignoreCount),
    window_minutes: numberOf(data.ignoreWindow),
    user_count: numberOf(data.ignoreUserCount),
    user_window_minutes: numberOf(data.ignoreUserWindow),
  } as const;
  if (change.minutes === null && change.count === null && change.user_count === null) {
    return `${who} archived it forever`;
  }
  return `${who} archived it ${archiveTerm(change)}`;
}

function resolvedInRelease(who: string, data: Data): string {
  const version = textOf(data.version);
  if (version) return `${who} resolved it in ${version}`;
  const current = textOf(data.current_release_version);
  return `${who} resolved it in the next release${current ? `, the one after ${current}` : ""}`;
}

function unresolved(actor: string | null, data: Data): string {
  if (actor) return `${actor} unresolved it`;
  return data.event_id === undefined
    ? "It is unresolved again, because the time of its archive is over"
    : "It is unresolved again, because the condition of its archive was met";
}

function regressed(data: Data): string {
  const version = textOf(data.version);
  const resolvedIn = textOf(data.resolved_in_version);
  const where = version ? ` in ${version}` : "";
  return resolvedIn
    ? `It came back${where}, although it was resolved in ${resolvedIn}`
    : `It came back${where}`;
}

function escalating(data: Data): string {
  if (typeof data.forecast === "number") {
    return `It escalates: more than the ${plural(data.forecast, "event")} an hour that were forecast`;
  }
  const expired = data.expired_snooze;
  if (typeof expired === "object" && expired !== null) {
    const count = numberOf((expired as Data).count);
    const users = numberOf((expired as Data).user_count);
    if (count) return `It escalates: it was seen ${plural(count, "time")} while archived`;
    if (users) return `It escalates: ${plural(users, "user")} were affected while it was archived`;
    return "It escalates: the condition of its archive was met";
  }
  return "It escalates";
}

function priority(actor: string | null, data: Data): string {
  const word = textOf(data.priority) ?? "another value";
  if (actor) return `${actor} set the priority to ${word}`;
  if (data.reason === "escalating") return `Priority raised to ${word}, because it escalates`;
  if (data.reason === "ongoing") return `Priority back to ${word}, because it is ongoing`;
  return `Priority set to ${word}`;
}

function assigned(who: string, data: Data, people: People | undefined): string {
  const id = textOf(data.assignee);
  const type = data.assigneeType === "team" ? "team" : "user";
  if (!id) return `${who} assigned it`;
  const known = assigneeOf(`${type}:${id}`, people).name;
  const name = known === `user ${id}` ? (textOf(data.assigneeEmail) ?? known) : known;
  return `${who} assigned it to ${name}`;
}

/** What an entry says. `who` is Picket where no user acted. */
export function activityText(activity: Activity, people: People | undefined): ActivityText {
  const data = read(activity.data);
  const { actor } = activity;
  const who = actor ?? "Picket";
  switch (activity.kind) {
    case "SET_RESOLVED":
      return { mark: "resolved", sentence: `${who} resolved it` };
    case "SET_RESOLVED_IN_RELEASE":
      return { mark: "resolved", sentence: resolvedInRelease(who, data) };
    case "SET_RESOLVED_IN_COMMIT": {
      const commit = textOf(data.commit);
      return {
        mark: "resolved",
        sentence: `${who} resolved it in ${commit ? `commit ${commit}` : "a commit"}`,
      };
    }
    case "SET_RESOLVED_BY_AGE": {
      const hours = numberOf(data.age);
      const term = hours ? ` for ${formatMinutes(hours * 60)}` : " for a long time";
      return { mark: "resolved", sentence: `Picket resolved it, because it was not seen${term}` };
    }
    case "SET_UNRESOLVED":
      return { mark: "unresolved", sentence: unresolved(actor, data) };
    case "SET_IGNORED":
      return { mark: "archived", sentence: archive(who, data) };
    case "SET_REGRESSION":
      return { mark: "regressed", sentence: regressed(data) };
    case "SET_ESCALATING":
      return { mark: "escalating", sentence: escalating(data) };
    case "AUTO_SET_ONGOING": {
      const days = numberOf(data.after_days);
      if (data.manually === true)
        return { mark: "other", sentence: "It is ongoing, because it was reviewed" };
      return { mark: "other", sentence: `It is ongoing${days ? `, after ${plural(days, "day")}` : ""}` };
    }
    case "SET_PRIORITY":
      return { mark: "priority", sentence: priority(actor, data) };
    case "ASSIGNED":
      return { mark: "person", sentence: assigned(who, data, people) };
    case "UNASSIGNED":
      return { mark: "person", sentence: `${who} unassigned it` };
    case "NOTE":
      return { mark: "note", sentence: `${who} wrote a note`, body: textOf(data.text) ?? undefined };
    case "MARK_REVIEWED":
      return { mark: "review", sentence: `${who} marked it as reviewed` };
    case "MERGE": {
      const count = Array.isArray(data.issues) ? data.issues.length : null;
      const what =
        count === null ? "other issues" : count === 1 ? "another issue" : `${formatCount(count)} issues`;
      return { mark: "merge", sentence: `${who} merged ${what} into it` };
    }
    case "FIRST_SEEN": {
      const word = textOf(data.priority);
      return { mark: "first", sentence: word ? `First seen, with priority ${word}` : "First seen" };
    }
    default:
      return { mark: "other", sentence: activity.kind.toLowerCase().replaceAll("_", " ") };
  }
}
