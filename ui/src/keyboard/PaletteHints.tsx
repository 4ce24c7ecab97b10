import { keyText } from "@/lib/platform";
import styles from "./Palette.module.css";
import type { Hit } from "./paletteHits";
import { PREFIX_HINTS } from "./paletteModes";

/** What can be pressed or typed now, for whoever does not know it. */
export function PaletteHints({ id, inside, hit }: { id: string; inside: boolean; hit: Hit | undefined }) {
  const asks = hit?.argument !== undefined && !hit.unavailable ? hit.argument : null;
  return (
    <p className={styles.hints} id={id}>
      {asks ? (
        <span>
          <kbd>Tab</kbd> {asks.label.toLowerCase()}
        </span>
      ) : null}
      {inside ? (
        <>
          {asks ? null : (
            <span>
              <kbd>Enter</kbd> choose
            </span>
          )}
          <span>
            <kbd>{keyText("Shift+Tab")}</kbd> or <kbd>Backspace</kbd> back
          </span>
        </>
      ) : (
        PREFIX_HINTS.map(({ prefix, words }) => (
          <span key={prefix}>
            <kbd>{prefix}</kbd> {words}
          </span>
        ))
      )}
    </p>
  );
}
