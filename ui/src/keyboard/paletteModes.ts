import type { Host, IssueRow } from "@/ipc";
import { HostError } from "@/ipc";

/** What the palette looks through. */
export type PaletteMode = "all" | "commands" | "issues" | "views" | "settings" | "keys";

const PREFIXES: Record<string, PaletteMode> = {
  ">": "commands",
  "#": "issues",
  "@": "views",
  ":": "settings",
  "?": "keys",
};

/** What can be typed first, for whoever does not know it. */
export const PREFIX_HINTS: readonly { prefix: string; words: string }[] = [
  { prefix: ">", words: "commands" },
  { prefix: "#", words: "issues" },
  { prefix: "@", words: "views" },
  { prefix: ":", words: "settings" },
  { prefix: "?", words: "keys" },
];

/** The mode a text asks for by its first sign, and what is left of it. */
export function readMode(text: string): { mode: PaletteMode; wanted: string } {
  const mode = PREFIXES[text.charAt(0)];
  return mode ? { mode, wanted: text.slice(1).trim() } : { mode: "all", wanted: text.trim() };
}

/** An issue that a text names by itself. */
export type NamedIssue =
  | { kind: "short"; shortId: string; occ?: string }
  | { kind: "number"; id: string; occ?: string };

const LINK = /^picket:\/\/issue\/([^/?#\s]+)(?:\?(?:.*&)?occ=([0-9a-f]+))?/i;
const SHORT_ID = /^[\w-]+-[0-9a-z]+$/i;

/** The issue of a link, a short id or an id; null where the text is none of these. */
export function readNamedIssue(text: string): NamedIssue | null {
  const link = LINK.exec(text.trim());
  const name = link?.[1] ?? text.trim();
  const occ = link?.[2] === undefined ? {} : { occ: link[2] };
  if (/^\d{1,19}$/.test(name)) return { kind: "number", id: name, ...occ };
  return SHORT_ID.test(name) ? { kind: "short", shortId: name.toUpperCase(), ...occ } : null;
}

/** Screens that a link can lead to beside issues. */
const LINKED_SCREENS = ["inbox", "live", "dead-letters", "jobs", "journal", "connections", "settings"];

/** The place of the router that a link names; null where the text is no link to a screen. */
export function readPlaceLink(text: string): string | null {
  const [, screen = "", search = ""] = /^picket:\/\/([a-z-]+)\/?(\?\S*)?$/.exec(text.trim()) ?? [];
  return LINKED_SCREENS.includes(screen) ? `/${screen}${search}` : null;
}

/** Whether the palette opens something for a link. */
export const isLinked = (link: string): boolean =>
  readPlaceLink(link) !== null || readNamedIssue(link) !== null;

/** Issues that are offered at once. */
const MOST = 20;

/** A row that was found, with the occurrence a link names. */
export interface FoundIssue {
  row: IssueRow;
  occ?: string;
}

/** The issue a text names, if it is stored. */
async function namedIssue(host: Host, named: NamedIssue): Promise<FoundIssue[]> {
  const { occ } = named;
  const ids =
    named.kind === "number"
      ? [named.id]
      : (await orNothing(() => host.issueSnapshot(`issue:${named.shortId}`, "last_seen"))).slice(0, 1);
  const rows = ids.length === 0 ? [] : await host.issueRows(ids);
  return rows.map((row) => (occ === undefined ? { row } : { row, occ }));
}

/** A name that no issue has is refused as a query; here it only means that nothing is found. */
async function orNothing(ask: () => Promise<{ ids: string[] }>): Promise<string[]> {
  try {
    return (await ask()).ids;
  } catch (error) {
    if (error instanceof HostError && error.code === "invalid_query") return [];
    throw error;
  }
}

/** The ids a search begins with: all of them only where these are few, or are found as fast as the first ones. */
async function firstOf(host: Host, text: string, signal?: AbortSignal): Promise<{ ids: string[] }> {
  const head = await host.issueHead(text, "last_seen", signal);
  return head ?? host.issueSnapshot(text, "last_seen", null, signal);
}

/**
 * Issues for what was typed: the one it names, and with `search` also those that answer it as a query, the latest
 * first. A text that is no query finds nothing, because it may be half of one.
 */
export async function findIssues(
  host: Host,
  text: string,
  search: boolean,
  signal?: AbortSignal,
): Promise<FoundIssue[]> {
  const named = readNamedIssue(text);
  const first = named ? await namedIssue(host, named) : [];
  if (!search || text === "") return first;
  const ids = (await orNothing(() => firstOf(host, text, signal))).slice(0, MOST);
  const others = ids.filter((id) => !first.some(({ row }) => row.id === id));
  const rows = others.length === 0 ? [] : await host.issueRows(others);
  return [...first, ...rows.map((row) => ({ row }))];
}
