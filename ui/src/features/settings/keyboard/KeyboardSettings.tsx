import { useState } from "react";
import { preferences, usePreferences } from "@/app/preferences";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Segmented } from "@/components/Segmented";
import type { ActionId } from "@/keyboard/catalogue";
import { LEADER, presetKeys, takingOver, withBinding } from "@/keyboard/keymap";
import { writeKeymap } from "@/keyboard/keymapText";
import { PRESET_WORDS, PRESETS } from "@/keyboard/presets";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { plural } from "@/lib/format";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { Entry, Toggle } from "../entries";
import { ImportKeysDialog } from "./ImportKeysDialog";
import styles from "./KeyboardSettings.module.css";
import { ANY, type KeyQuery, KeySearch } from "./KeySearch";
import { KeyTable } from "./KeyTable";
import { findRows, keyRows } from "./keyRows";

/** Which keys actions have: a preset, and what the user changes in it (UX 9). */
export function KeyboardSettings() {
  const { toasts, announcer } = useServices();
  const choices = usePreferences();
  const { keyPreset, keyBindings } = choices;
  const help = useKeymap().words("help");
  const [query, setQuery] = useState<KeyQuery>(ANY);
  const [importing, setImporting] = useState(false);
  const rows = keyRows(choices);
  const found = findRows(rows, query);
  const own = Object.keys(keyBindings).length;
  const clashes = rows.filter(({ conflicts }) => conflicts.length > 0).length;

  const bind = (action: ActionId, sequence: string | null) => {
    const changed =
      sequence === null ? withBinding(action, [], choices) : takingOver(action, sequence, choices);
    preferences.change({ keyBindings: changed });
    announcer.say(sequence === null ? "It has no key now" : `Its key is ${keyText(sequence)} now`, "key");
  };
  const reset = (action: ActionId) =>
    preferences.change({ keyBindings: withBinding(action, presetKeys(action, keyPreset), choices) });
  const resetAll = () => {
    const before = keyBindings;
    preferences.change({ keyBindings: {} });
    toasts.done(`${plural(own, "own binding")} reset`, {
      action: { label: "Undo", run: () => preferences.change({ keyBindings: before }) },
      ofDevice: true,
    });
  };
  const copy = () =>
    navigator.clipboard.writeText(writeKeymap(choices)).then(
      () => toasts.done("Copied your keys", { detail: "Import keys… of another Picket takes them" }),
      (error: unknown) => toasts.failed("The keys could not be copied", error, () => void copy()),
    );

  return (
    <>
      <Entry name="Preset" note={PRESET_WORDS[keyPreset].note}>
        <Segmented
          label="Preset"
          value={keyPreset}
          choices={PRESETS.map((value) => ({ value, label: PRESET_WORDS[value].name }))}
          onChange={(next) => preferences.change({ keyPreset: next })}
        />
      </Entry>
      <Toggle
        field="singleKeys"
        name="Single keys"
        note={`Letters and signs act without Ctrl. Off, they act behind ${keyText(LEADER)}, and from the palette.`}
      />
      <Entry
        name="Own keys"
        note={
          own === 0
            ? "All actions have the keys of the preset. Choose one below and press Enter to change its keys."
            : `${plural(own, "action has", "actions have")} keys of your own, marked below. They stay when the preset changes.`
        }
      >
        <div className={styles.tools}>
          <Button disabled={own === 0} onClick={resetAll}>
            Reset all
          </Button>
          <Button onClick={() => void copy()}>Copy as text</Button>
          <Button onClick={() => setImporting(true)}>Import keys…</Button>
        </div>
      </Entry>
      {clashes > 0 ? (
        <p role="status" className={styles.conflict} data-testid={testIds.keyClashes}>
          {plural(clashes, "action shares its keys", "actions share their keys")} with another one in the same
          place, so one of them cannot act. They are named below: change one of each.
        </p>
      ) : null}
      <KeySearch query={query} onQuery={setQuery} />
      <p role="status" className={styles.count}>
        {plural(found.length, "action")}
        {help === null ? "" : ` · ${help} shows those of a screen, for printing as well`}
      </p>
      {found.length > 0 ? (
        <KeyTable rows={found} onBind={bind} onReset={reset} />
      ) : (
        <EmptyState
          title={query.by === "keys" ? "These keys are free" : "No action is called that"}
          actions={<Button onClick={() => setQuery(ANY)}>Show all actions</Button>}
        >
          {query.by === "keys"
            ? "No action has them. Find the action they should be for, and press Enter on it."
            : `Nothing in the name, the place or the keys of an action is “${query.text.trim()}”. Try a part of a word.`}
        </EmptyState>
      )}
      {importing ? (
        <ImportKeysDialog onImport={(next) => preferences.change(next)} onClose={() => setImporting(false)} />
      ) : null}
    </>
  );
}
