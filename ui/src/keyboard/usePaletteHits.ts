import { useQuery } from "@tanstack/react-query";
import { type AnyRouter, useNavigate, useRouter } from "@tanstack/react-router";
import { listSearch } from "@/app/place";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { listHref, viewSearch } from "@/app/viewPlace";
import { readViews } from "@/features/views/viewText";
import { fuzzyMatch } from "@/lib/fuzzy";
import { useValue } from "@/lib/valueStore";
import type { Action } from "./keyboard";
import type { Hit, Hits } from "./paletteHits";
import { findIssues, readMode, readNamedIssue, readPlaceLink } from "./paletteModes";

/** Points that the most recent command gets. */
const RECENT = 8;
/** Points of a command of the screen that is open: it is more likely meant than the way to another one. */
const OF_SCREEN = 4;
const HEX_ID = /^[0-9a-f]{32}$/;
const SETTINGS_SECTION = "Appearance";

const ofAction = (action: Action, positions: readonly number[] = []): Hit => ({
  id: action.id,
  title: action.title,
  section: action.section,
  keys: action.keys?.[0],
  unavailable: action.unavailable,
  positions,
  argument: action.argument,
  run: action.run,
});

/** Best answers first; without a text the recently used ones lead, then those of the screen. */
function rank(
  actions: readonly Action[],
  text: string,
  recent: readonly string[],
  ofScreen: ReadonlySet<string>,
): Hit[] {
  const recency = (action: Action) => {
    const at = recent.indexOf(action.id);
    return at === -1 ? 0 : RECENT - at;
  };
  const nearness = (action: Action) => (ofScreen.has(action.id) ? OF_SCREEN : 0);
  if (text === "") {
    return [...actions]
      .sort((a, b) => recency(b) - recency(a) || nearness(b) - nearness(a))
      .map((action) => ofAction(action));
  }
  return actions
    .flatMap((action) => {
      const match = fuzzyMatch(text, action.title);
      return match
        ? [
            {
              hit: ofAction(action, match.positions),
              score: match.score + recency(action) / 4 + nearness(action),
            },
          ]
        : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ hit }) => hit);
}

/** What a link leads to, where the text is one. */
function linkHits(text: string, router: AnyRouter): Hit[] {
  const open = (title: string, href: string): Hit => ({
    id: "link",
    title,
    section: "Link",
    positions: [],
    run: () => router.history.push(href),
  });
  const href = readPlaceLink(text);
  if (href !== null) return [open(`Open ${href}`, href)];
  const [view] = text.startsWith("picket://view?") ? readViews(text).views : [];
  if (!view) return [];
  const { query: q, sort, grouping: group } = view;
  return [open(`Open the search of the view ${view.name}`, listHref(listSearch({ q, sort, group })))];
}

/** The searches for a trace and for an event, where the text can be the id of one: both look the same. */
function idHits(text: string, router: AnyRouter): Hit[] {
  const id = text.replaceAll("-", "").toLowerCase();
  if (!HEX_ID.test(id)) return [];
  const found = (kind: "trace" | "event", q: string, title: string): Hit => ({
    id: kind,
    title,
    section: kind === "trace" ? "Trace" : "Event",
    positions: [],
    run: () => router.history.push(listHref(listSearch({ q, sort: "last_seen", group: null }))),
  });
  return [
    found("trace", `trace:${id}`, `Search for the issues of trace ${id}`),
    found("event", `id:${id}`, `Search for the issue of event ${id}`),
  ];
}

/** What the palette offers for a text: commands, issues, views, settings or keys, by its first sign. */
export function usePaletteHits(text: string, recent: readonly string[]): Hits {
  const { host, keyboard, drafts } = useServices();
  const navigate = useNavigate();
  const router = useRouter();
  useValue(keyboard.version);
  const { mode, wanted } = readMode(text);
  const searches = mode === "issues";
  const looksForIssues = (searches && wanted !== "") || (mode === "all" && readNamedIssue(wanted) !== null);
  const issues = useQuery({
    queryKey: ["palette-issues", searches, wanted],
    queryFn: ({ signal }) => findIssues(host, wanted, searches, signal),
    enabled: looksForIssues,
    placeholderData: (before) => (looksForIssues ? before : undefined),
    gcTime: 0,
  });
  const views = useQuery({ ...asks.views(host), enabled: mode === "views" });

  const found = (looksForIssues ? (issues.data ?? []) : []).map(
    ({ row, occ }): Hit => ({
      id: `issue ${row.id}`,
      title: `${row.short_id}  ${row.title}`,
      section: "Issue",
      positions: [],
      run: () =>
        void navigate({ to: "/issue/$id", params: { id: row.id }, search: occ === undefined ? {} : { occ } }),
    }),
  );
  const linked = mode === "all" ? linkHits(wanted, router) : [];
  const byId = mode === "all" ? idHits(wanted, router) : [];
  const actions = keyboard.actions();
  const ofScreen = keyboard.ofScreen();
  const offered = actions.filter((action) => action.inPalette !== false);
  switch (mode) {
    case "issues":
      return {
        hits: found,
        busy: issues.isFetching,
        error: issues.error,
        none:
          wanted === ""
            ? "Type words of an issue, its short id, or a query."
            : `No issue answers “${wanted}”.`,
      };
    case "views":
      return {
        hits: (views.data ?? []).flatMap((view): Hit[] => {
          const match = fuzzyMatch(wanted, view.name);
          if (wanted !== "" && !match) return [];
          return [
            {
              id: `view ${view.id}`,
              title: view.name,
              section: "View",
              positions: match?.positions ?? [],
              run: () => void navigate({ to: "/inbox", search: viewSearch(view, drafts) }),
            },
          ];
        }),
        busy: views.isFetching,
        error: views.error,
        none: `No view is called “${wanted}”.`,
      };
    case "settings":
      return {
        hits: rank(
          offered.filter(({ id, section }) => section === SETTINGS_SECTION || id === "go.settings"),
          wanted,
          recent,
          ofScreen,
        ),
        busy: false,
        error: null,
        none: `No setting matches “${wanted}”.`,
      };
    case "keys":
      return {
        // Also those that the palette has no use for: this is where they are looked up.
        hits: rank(
          actions.filter(({ keys }) => keys !== undefined && keys.length > 0),
          wanted,
          recent,
          ofScreen,
        ),
        busy: false,
        error: null,
        none: `No key does “${wanted}” here.`,
      };
    default:
      return {
        hits: [...linked, ...found, ...byId, ...rank(offered, wanted, recent, ofScreen)],
        busy: false,
        error: null,
        none: `No command matches “${wanted}”.`,
      };
  }
}
