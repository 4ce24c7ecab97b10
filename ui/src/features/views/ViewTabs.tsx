import { EllipsisVertical, ListPlus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { preferences, usePreferences } from "@/app/preferences";
import { ActionMenu, type MenuEntry } from "@/components/ActionMenu";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import type { SavedView } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, plural } from "@/lib/format";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { ImportViewsDialog } from "./ImportViewsDialog";
import type { Views } from "./useViews";
import { ViewNameDialog } from "./ViewNameDialog";
import styles from "./ViewTabs.module.css";
import { VIEW_ICONS } from "./viewIcons";

/** Places among the tabs that have keys. */
const PLACES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
type Place = (typeof PLACES)[number];
const placeOf = (at: number): Place => PLACES[at] ?? 9;

/** The saved views as tabs, each with its number of issues and of those that were not seen. */
export function ViewTabs({ views }: { views: Views }) {
  const keymap = useKeymap();
  const { tabs, others, active, changed } = views;
  const { startView } = usePreferences();
  const list = useRef<HTMLDivElement>(null);
  const [importing, setImporting] = useState(false);
  const [naming, setNaming] = useState<{ renames: SavedView | null } | null>(null);
  const open = active?.id;
  const order = tabs.map(({ id }) => id).join();
  // There may be more tabs than room, and a key, a new view or the palette opens one that is out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tab that was moved is in another place
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    tab?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [open, order]);

  useActions([
    ...tabs.slice(0, PLACES.length).map((view, at) => ({
      ...fromCatalogue(`view.${placeOf(at)}`),
      title: `View: ${view.name}`,
      run: () => views.go(view),
    })),
    ...tabs.slice(0, PLACES.length).map((_, at) => ({
      ...fromCatalogue(`view.move.${placeOf(at)}`),
      inPalette: false,
      unavailable: active?.pinned ? null : "no view is open",
      run: () => {
        if (active) views.moveTo(active, at);
      },
    })),
    {
      ...fromCatalogue("view.save"),
      title: changed ? `Save the view “${active?.name}”` : "Save as a view…",
      inTextFields: true,
      run: () => (changed ? views.save() : setNaming({ renames: null })),
    },
    {
      ...fromCatalogue("view.save-as"),
      inTextFields: true,
      run: () => setNaming({ renames: null }),
    },
    {
      ...fromCatalogue("view.revert"),
      unavailable: changed ? null : "nothing was changed",
      run: views.revert,
    },
    {
      ...fromCatalogue("view.copy"),
      run: () => views.copy(),
    },
    {
      ...fromCatalogue("view.copy-link"),
      title: active ? `Copy a link to the view “${active.name}”` : "Copy a link to the view",
      unavailable: active ? null : "no view is open",
      run: () => {
        if (active) views.copyLink(active);
      },
    },
    { ...fromCatalogue("view.import"), run: () => setImporting(true) },
    {
      ...fromCatalogue("view.delete"),
      title: active ? `Delete the view “${active.name}”` : "Delete the view",
      unavailable: active ? null : "no view is open",
      run: () => {
        if (active) views.remove(active);
      },
    },
  ]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  const place = active ? tabs.findIndex(({ id }) => id === active.id) : -1;
  const entries: MenuEntry[] = active
    ? [
        { label: "Name and icon…", run: () => setNaming({ renames: active }) },
        { label: "Save as a new view…", action: "view.save-as", run: () => setNaming({ renames: null }) },
        { label: "Move left", disabled: place <= 0, run: () => views.moveTo(active, place - 1) },
        {
          label: "Move right",
          disabled: place === -1 || place === tabs.length - 1,
          run: () => views.moveTo(active, place + 1),
        },
        active.pinned
          ? {
              label: "Take the tab away",
              note: "the view stays in the list beside the tabs",
              run: () => views.pin(active, false),
            }
          : { label: "Show as a tab", run: () => views.pin(active, true) },
        active.follow
          ? { label: "Do not follow the feed when opened", run: () => views.follow(active, false) }
          : { label: "Follow the feed when opened", run: () => views.follow(active, true) },
        startView === active.id
          ? {
              label: "Do not show at launch",
              note: "Picket then starts where you left it",
              run: () => preferences.change({ startView: null }),
            }
          : { label: "Show at launch", run: () => preferences.change({ startView: active.id }) },
        { label: "Copy as text", note: "for another Picket", run: () => views.copy([active]) },
        { label: "Copy a link", note: "Import views… takes it", run: () => views.copyLink(active) },
        { label: "Import views…", run: () => setImporting(true) },
        { label: "Delete", testId: testIds.view("delete"), run: () => views.remove(active) },
      ]
    : [];

  return (
    <div className={styles.bar} data-region="views">
      <div ref={list} role="tablist" aria-label="Views" className={styles.tabs} onKeyDown={onKeyDown}>
        {tabs.map((view, at) => (
          <Tab
            key={view.id}
            view={view}
            place={at < PLACES.length ? placeOf(at) : null}
            selected={view.id === active?.id}
            reachable={view.id === active?.id || (place === -1 && at === 0)}
            views={views}
          />
        ))}
      </div>
      {active ? (
        <ActionMenu
          trigger={
            <IconButton label={`What to do with the view ${active.name}`} data-testid={testIds.view("menu")}>
              <EllipsisVertical size={14} />
            </IconButton>
          }
          entries={entries}
        />
      ) : null}
      {others.length > 0 ? (
        <ActionMenu
          trigger={
            <IconButton label="Views without a tab">
              <ListPlus size={14} />
            </IconButton>
          }
          entries={others.map((view) => ({ label: view.name, note: view.query, run: () => views.go(view) }))}
        />
      ) : null}
      <IconButton
        label="Save as a new view"
        action="view.save-as"
        data-testid={testIds.view("add")}
        onClick={() => setNaming({ renames: null })}
      >
        <Plus size={14} />
      </IconButton>
      {changed ? (
        <span className={styles.draft}>
          <Button
            kind="quiet"
            data-testid={testIds.view("save")}
            aria-keyshortcuts={keymap.aria("view.save")}
            onClick={views.save}
          >
            Save
          </Button>
          <Button kind="quiet" onClick={() => setNaming({ renames: null })}>
            Save as…
          </Button>
          <Button kind="quiet" data-testid={testIds.view("revert")} onClick={views.revert}>
            Revert
          </Button>
        </span>
      ) : null}
      {views.error ? (
        <span className={styles.error} role="alert">
          The views cannot be read.{" "}
          <Button kind="quiet" onClick={views.reread}>
            Try again
          </Button>
        </span>
      ) : null}
      {importing ? <ImportViewsDialog onImport={views.take} onClose={() => setImporting(false)} /> : null}
      {naming ? (
        <ViewNameDialog
          title={naming.renames ? "Name and icon of the view" : "Save as a view"}
          named={naming.renames ?? { name: "", icon: null }}
          onClose={() => setNaming(null)}
          onSave={(named) => (naming.renames ? views.rename(naming.renames, named) : views.saveAs(named))}
        />
      ) : null}
    </div>
  );
}

interface TabProps {
  view: SavedView;
  /** Its place, where a key may open it. */
  place: Place | null;
  selected: boolean;
  /** The one tab stop of the list. */
  reachable: boolean;
  views: Views;
}

function Tab({ view, place, selected, reachable, views }: TabProps) {
  const keymap = useKeymap();
  const key = place === null ? undefined : keymap.first(`view.${place}`);
  const count = views.count(view.id);
  const draft = views.hasDraft(view.id);
  const Icon = view.icon === null ? null : VIEW_ICONS[view.icon].Icon;
  const parts = [view.query === "" ? "all issues" : view.query];
  const total = count?.total;
  const unseen = count?.unseen ?? 0;
  if (typeof total === "number") parts.push(plural(total, "issue"));
  if (unseen > 0) parts.push(`${formatCount(unseen)} not seen`);
  if (total === null) parts.push("its query cannot be run");
  if (view.follow) parts.push("follows the feed");
  if (draft) parts.push("changed and not saved");
  return (
    <button
      type="button"
      role="tab"
      aria-selected={selected}
      aria-keyshortcuts={place === null ? undefined : keymap.aria(`view.${place}`)}
      tabIndex={reachable ? 0 : -1}
      className={styles.tab}
      data-tip={parts.join(" · ")}
      data-testid={testIds.viewTab}
      data-view={view.id}
      data-count={total ?? undefined}
      data-unseen={count?.unseen ?? undefined}
      data-draft={draft ? "" : undefined}
      onClick={() => views.go(view)}
    >
      {key === undefined ? null : (
        <span className={styles.key} aria-hidden="true">
          {keyText(key)}
        </span>
      )}
      {Icon ? <Icon size={14} className={styles.icon} aria-hidden="true" /> : null}
      {view.name}
      {draft ? <span className={styles.dot} role="img" aria-label="changed" /> : null}
      {unseen > 0 ? (
        <span className={styles.unseen}>
          {formatCount(unseen)}
          <span className="visually-hidden"> not seen{unseen === total ? "" : ", of"}</span>
        </span>
      ) : null}
      {total === undefined || (unseen > 0 && unseen === total) ? null : (
        <span className={styles.count}>{total === null ? "!" : formatCount(total)}</span>
      )}
    </button>
  );
}
