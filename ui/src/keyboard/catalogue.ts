import { ACTIONS, type ActionId } from "./actionList";

export type { ActionId };

/** Where an action can act: in the whole window, or on one screen. */
export const PLACES = [
  "everywhere",
  "list",
  "issue",
  "triage",
  "triage-end",
  "live",
  "letters",
  "outcomes",
  "journal",
  "jobs",
  "connections",
] as const;
export type Place = (typeof PLACES)[number];

/** What a place is called where keys are listed. */
export const PLACE_NAMES: Record<Place, string> = {
  everywhere: "Everywhere",
  list: "Inbox",
  issue: "Issue",
  triage: "Triage mode",
  "triage-end": "End of triage mode",
  live: "Live",
  letters: "Dead letters",
  outcomes: "Outcomes",
  journal: "Journal",
  jobs: "Jobs",
  connections: "Connections",
};

/** What is known of an action without its screen. */
export interface Listed {
  /** Sentence-case verb phrase; a screen may offer it under one that says more. */
  title: string;
  /** Heading it is listed under. */
  section: string;
  where: readonly Place[];
  /** Key sequences it has unless a preset or the user says otherwise; the first one is the one that is shown. */
  keys: readonly string[];
}

/** Ids of all actions, in the order they are listed. */
export const ACTION_IDS = Object.keys(ACTIONS) as readonly ActionId[];

/** Whether this version has an action of that name. */
export const isActionId = (id: string): id is ActionId => Object.hasOwn(ACTIONS, id);

export const listed = (id: ActionId): Listed => ACTIONS[id];

/** The part of an action that the catalogue holds, for the screen that adds what it does. Its keys are the keymap's. */
export function fromCatalogue(id: ActionId): { id: string; title: string; section: string } {
  const { title, section } = listed(id);
  return { id, title, section };
}

/** Whether two actions can be in reach at the same time. */
export function meet(a: ActionId, b: ActionId): boolean {
  const [of, other] = [listed(a).where, listed(b).where];
  return (
    of.includes("everywhere") || other.includes("everywhere") || of.some((place) => other.includes(place))
  );
}

/** `Everywhere`, `Inbox, Issue`. */
export const placesText = (id: ActionId): string =>
  listed(id)
    .where.map((place) => PLACE_NAMES[place])
    .join(", ");
