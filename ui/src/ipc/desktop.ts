import { commands, events } from "../bindings";
import { type Host, HostError, type Unsubscribe } from "./host";
import type { CommandError, ConnectionProfile } from "./types";

type Answer<T> = Promise<{ status: "ok"; data: T } | { status: "error"; error: CommandError }>;

async function unwrap<T>(answer: Answer<T>): Promise<T> {
  const result = await answer;
  if (result.status === "error") throw new HostError(result.error);
  return result.data;
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

/** The desktop shell, reached through the generated bindings. */
export function createDesktopHost(): Host {
  return {
    issueSnapshot: (query, sort) => unwrap(commands.issueSnapshot(query, sort)),
    issueChanges: (query, snapshot) => unwrap(commands.issueChanges(query, snapshot)),
    issueRows: (ids) => unwrap(commands.issueRows(ids)),
    issueDetail: (id) => unwrap(commands.issueDetail(id)),
    issueChange: (ids, change) => unwrap(commands.issueChange(ids, change)),
    issueActivities: (id, limit) => unwrap(commands.issueActivities(id, limit)),
    people: () => unwrap(commands.people()),
    projectReleases: (project) => unwrap(commands.projectReleases(project)),
    occurrenceDetail: (issueId, position) => unwrap(commands.occurrenceDetail(issueId, position)),
    queryCheck: (text) => unwrap(commands.queryCheck(text)),
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
    onStoreChanged: (listener) =>
      subscription(events.storeChanged.listen((event) => listener(event.payload.revision))),
    onEngineStatus: (listener) =>
      subscription(events.engineStatus.listen((event) => listener(event.payload))),
  };
}
