import { RotateCcw } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { IconButton } from "@/components/IconButton";
import { type ActionId, listed } from "@/keyboard/catalogue";
import { KeyCaps } from "@/keyboard/KeyCaps";
import { usePressedKeys } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import { distinctKeys, keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import styles from "./KeyboardSettings.module.css";
import { KeyCapture } from "./KeyCapture";
import type { KeyRow } from "./keyRows";

/** Rows that Page Down goes on. */
const PAGE = 10;

interface KeyTableProps {
  rows: readonly KeyRow[];
  onBind: (action: ActionId, sequence: string | null) => void;
  onReset: (action: ActionId) => void;
}

/** Actions with their places and keys. One tab stop: arrows walk the rows, Enter asks for new keys. */
export function KeyTable({ rows, onBind, onReset }: KeyTableProps) {
  const table = useRef<HTMLTableElement>(null);
  const [current, setCurrent] = useState<ActionId | null>(null);
  const [capturing, setCapturing] = useState<ActionId | null>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === current),
  );

  const focus = (id: ActionId | undefined) => {
    if (id === undefined) return;
    setCurrent(id);
    table.current?.querySelector<HTMLElement>(`[data-action="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, id: ActionId) => {
    // Keys of a button in the row, or of the field in it, are theirs.
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE,
      PageUp: at - PAGE,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) focus(rows[Math.min(Math.max(0, to), rows.length - 1)]?.id);
    else if (event.key === "Enter") setCapturing(id);
    else return;
    event.preventDefault();
  };
  const leave = (id: ActionId) => {
    setCapturing(null);
    focus(id);
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are walked and acted on, as in a grid
    <table ref={table} role="grid" aria-label="Keys of all actions" className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col">Where</th>
          <th scope="col">Keys</th>
          <th scope="col">
            <span className="visually-hidden">Reset</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr
            key={row.id}
            tabIndex={index === at ? 0 : -1}
            className={cx(styles.row, row.isOwn && styles.own)}
            data-action={row.id}
            data-own={row.isOwn ? "" : undefined}
            data-testid={testIds.keyRow}
            onFocus={() => setCurrent(row.id)}
            onKeyDown={(event) => onKeyDown(event, row.id)}
            onDoubleClick={() => setCapturing(row.id)}
          >
            <td>{row.title}</td>
            <td className={styles.where}>{row.where}</td>
            <td>
              {capturing === row.id ? (
                <KeyCapture
                  action={row.id}
                  onBind={(sequence) => {
                    onBind(row.id, sequence);
                    leave(row.id);
                  }}
                  onCancel={(focus) => (focus === "elsewhere" ? setCapturing(null) : leave(row.id))}
                />
              ) : (
                <KeysOf row={row} reachable={index === at} onChange={() => setCapturing(row.id)} />
              )}
            </td>
            <td>
              {row.isOwn && capturing !== row.id ? (
                <IconButton
                  label={`Give “${row.title}” the keys of the preset`}
                  tabIndex={index === at ? 0 : -1}
                  onClick={() => {
                    onReset(row.id);
                    focus(row.id);
                  }}
                >
                  <RotateCcw size={14} />
                </IconButton>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The keys of a row as a button that changes them. */
function KeysOf({ row, reachable, onChange }: { row: KeyRow; reachable: boolean; onChange: () => void }) {
  const pressed = usePressedKeys();
  const keys = distinctKeys(row.keys);
  const words = keys.length === 0 ? "no key" : keys.map((one) => keyText(pressed(one))).join(" or ");
  const others = [...new Set(row.conflicts.map(({ id }) => listed(id).title))];
  return (
    <>
      <button
        type="button"
        tabIndex={reachable ? 0 : -1}
        className={styles.keys}
        aria-label={`${words}${row.isOwn ? ", your own" : ""}. Change the keys of “${row.title}”`}
        onClick={onChange}
      >
        {keys.map((one) => (
          <KeyCaps key={one} keys={one} />
        ))}
        {keys.length === 0 ? <span className={styles.none}>no key</span> : null}
        {row.isOwn ? <span className={styles.mark}>own</span> : null}
      </button>
      {others.length > 0 ? (
        <p className={styles.conflict}>
          Also keys of {others.map((title) => `“${title}”`).join(", ")}: change one.
        </p>
      ) : null}
    </>
  );
}
