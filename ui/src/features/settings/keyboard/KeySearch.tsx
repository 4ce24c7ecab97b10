import { Keyboard as KeyboardIcon } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { Button } from "@/components/Button";
import { LONGEST, pressOf } from "@/keyboard/sequences";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import styles from "./KeyboardSettings.module.css";

/** What is looked for: a text, or keys that were pressed. */
export type KeyQuery = { by: "text"; text: string } | { by: "keys"; presses: readonly string[] };

/** Nothing is looked for. */
export const ANY: KeyQuery = { by: "text", text: "" };

/** Looks for actions by name, or by pressing their keys. */
export function KeySearch({ query, onQuery }: { query: KeyQuery; onQuery: (query: KeyQuery) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const byKeys = query.by === "keys";
  const turn = () => {
    onQuery(byKeys ? ANY : { by: "keys", presses: [] });
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (query.by === "text" || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat || event.nativeEvent.isComposing) return;
    const press = pressOf(event.nativeEvent);
    if (press === "Escape") onQuery(query.presses.length === 0 ? ANY : { by: "keys", presses: [] });
    else if (press !== null) {
      const { presses } = query;
      onQuery({ by: "keys", presses: presses.length === LONGEST ? [press] : [...presses, press] });
    }
  };
  return (
    <div className={styles.search}>
      <input
        ref={field}
        className={styles.input}
        type="search"
        aria-label={byKeys ? "Find an action by pressing its keys" : "Find an action"}
        placeholder={
          byKeys ? "Press the keys. Esc leaves." : "Find an action by its name, its place or its keys"
        }
        readOnly={byKeys}
        value={query.by === "text" ? query.text : query.presses.map(keyText).join(" then ")}
        data-testid={testIds.keySearch}
        onChange={(event) => onQuery({ by: "text", text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <Button aria-pressed={byKeys} onClick={turn}>
        <KeyboardIcon size={14} aria-hidden="true" /> By pressing keys
      </Button>
    </div>
  );
}
