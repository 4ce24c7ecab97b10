import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement } from "react";
import type { ActionId } from "@/keyboard/catalogue";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useKeymap } from "@/keyboard/usePressedKeys";
import styles from "./ActionMenu.module.css";

/** One line of an {@link ActionMenu}. */
export interface MenuEntry {
  label: string;
  /** One line below the label: what it means, or why it cannot be done now. */
  note?: string;
  /** Action that does the same; its key is shown. */
  action?: ActionId;
  disabled?: boolean;
  testId?: string;
  run: () => void;
}

interface ActionMenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  entries: readonly MenuEntry[];
}

/** A menu of actions, each with its key. */
export function ActionMenu({ trigger, entries }: ActionMenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <ActionMenuPopup entries={entries} align="end" />
    </Base.Root>
  );
}

/** The open part of a menu, for one that serves many triggers. `align`: the edge of the trigger that it keeps to. */
export function ActionMenuPopup({
  entries,
  align,
}: {
  entries: readonly MenuEntry[];
  align: "start" | "end";
}) {
  const keymap = useKeymap();
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} align={align} className={styles.positioner}>
        <Base.Popup className={styles.popup}>
          {entries.map((entry) => (
            <Base.Item
              key={entry.label}
              className={styles.item}
              disabled={entry.disabled}
              data-testid={entry.testId}
              aria-keyshortcuts={entry.action && keymap.aria(entry.action)}
              onClick={entry.run}
            >
              <span className={styles.texts}>
                {entry.label}
                {entry.note ? <span className={styles.note}>{entry.note}</span> : null}
              </span>
              {entry.action ? <ActionCaps action={entry.action} /> : null}
            </Base.Item>
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
