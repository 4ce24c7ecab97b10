import { useQuery } from "@tanstack/react-query";
import {
  DENSITIES,
  DENSITY_NAMES,
  MESSAGE_TIMES,
  preferences,
  THEME_NAMES,
  THEMES,
  usePreferences,
  ZOOMS,
} from "@/app/preferences";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Segmented } from "@/components/Segmented";
import { Select } from "@/components/Select";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatBytes, formatCount, formatPercent } from "@/lib/format";
import { Entry, Toggle } from "./entries";
import { KeyboardSettings } from "./keyboard/KeyboardSettings";
import styles from "./SettingsScreen.module.css";

/** Choices that belong to this device, and facts about the program. */
export function SettingsScreen() {
  const { host } = useServices();
  const { theme, density, zoom, messageTime } = usePreferences();
  const { data: info } = useQuery(asks.appInfo(host));
  const { words } = useKeymap();
  const [turn, larger, smaller] = [words("inbox.density"), words("window.zoom-in"), words("window.zoom-out")];
  const turning = turn === null ? "" : ` ${turn} switches it in the list.`;
  const zooming = larger === null || smaller === null ? "" : ` ${larger} and ${smaller} change it anywhere.`;
  return (
    <div className={styles.settings}>
      <h1 className={styles.title}>Settings</h1>
      <section className={styles.section}>
        <h2 className={styles.heading}>Appearance</h2>
        <Entry name="Theme" note="System follows the desktop, also in contrast.">
          <Segmented
            label="Theme"
            value={theme}
            choices={THEMES.map((value) => ({ value, label: THEME_NAMES[value] }))}
            onChange={(value) => preferences.change({ theme: value })}
          />
        </Entry>
        <Entry
          name="Row density"
          note={`How much each issue of a list shows, unless its view says otherwise.${turning}`}
        >
          <Segmented
            label="Row density"
            value={density}
            choices={DENSITIES.map((value) => ({ value, label: DENSITY_NAMES[value] }))}
            onChange={(value) => preferences.change({ density: value })}
          />
        </Entry>
        <Entry name="Zoom" note={`How large everything is drawn.${zooming}`}>
          <Select
            label="Zoom"
            value={String(zoom)}
            choices={ZOOMS.map((value) => ({ value: String(value), label: formatPercent(value) }))}
            onChange={(value) => preferences.change({ zoom: Number(value) })}
          />
        </Entry>
        <Entry
          name="Messages stay"
          note="How long it is said what was done, with the way back. Undo stays in the Journal, and errors stay until they are dismissed."
        >
          <Segmented
            label="Messages stay"
            value={String(messageTime)}
            choices={MESSAGE_TIMES.map((time) => ({
              value: String(time),
              label: time === 0 ? "Until dismissed" : `${time / 1_000} s`,
            }))}
            onChange={(time) => preferences.change({ messageTime: Number(time) })}
          />
        </Entry>
        <Toggle field="railWide" name="Wide rail" note="The words of the screens stand beside their signs." />
      </section>
      <section className={styles.section}>
        <h2 className={styles.heading}>List and search</h2>
        <StartView />
        <Toggle
          field="liveRows"
          name="Update visible rows"
          note="Counters, trends and times follow the feed. Rows never change places by themselves."
        />
        <Toggle
          field="runWhileTyping"
          name="Search while typing"
          note="Runs a valid query when you pause. Enter always runs it."
        />
      </section>
      <section className={styles.section}>
        <h2 className={styles.heading}>Keyboard</h2>
        <KeyboardSettings />
      </section>
      {info ? (
        <section className={styles.section}>
          <h2 className={styles.heading}>About</h2>
          <dl className={styles.facts}>
            <dt>Version</dt>
            <dd>{info.version}</dd>
            <dt>Store</dt>
            <dd>
              <code>{info.store}</code>
            </dd>
            <dt>Size</dt>
            <dd>{formatBytes(info.store_bytes)}</dd>
            <dt>Issues</dt>
            <dd>{formatCount(info.issues)}</dd>
            {info.read_only ? (
              <>
                <dt>Read-only</dt>
                <dd>{info.read_only}</dd>
              </>
            ) : null}
          </dl>
        </section>
      ) : null}
    </div>
  );
}

/** A choice needs a text where no view was chosen. */
const AS_LEFT = "";

/** What is shown at launch. */
function StartView() {
  const { host } = useServices();
  const { startView } = usePreferences();
  const views = useQuery(asks.views(host)).data ?? [];
  const isGone = startView !== null && !views.some(({ id }) => id === startView);
  return (
    <Entry name="Start with" note="What is shown when Picket starts. A link that is opened goes first.">
      <Select
        label="Start with"
        value={startView === null || isGone ? AS_LEFT : startView}
        choices={[
          { value: AS_LEFT, label: "Where I left it" },
          ...views.map(({ id, name }) => ({ value: id, label: `The view ${name}` })),
        ]}
        onChange={(id) => preferences.change({ startView: id === AS_LEFT ? null : id })}
      />
    </Entry>
  );
}
