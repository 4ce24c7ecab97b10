import { Search } from "lucide-react";
import { WorkPill } from "@/features/jobs/WorkPill";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { FeedPill } from "./FeedPill";
import styles from "./TitleBar.module.css";

/** Name, way into the palette, and the state of the feed. */
export function TitleBar({ onOpenPalette }: { onOpenPalette: () => void }) {
  const keymap = useKeymap();
  return (
    <header className={styles.bar} data-region="title" data-tauri-drag-region>
      <span className={styles.brand}>
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <path d="M2 6.5 4 4l2 2.5V15H2ZM7 4.5 9 2l2 2.5V15H7ZM12 6.5 14 4l2 2.5V15h-4ZM1 9.2h16v1.8H1Z" />
        </svg>
        Picket
      </span>
      <button
        type="button"
        className={styles.palette}
        onClick={onOpenPalette}
        aria-keyshortcuts={keymap.aria("palette")}
      >
        <Search size={14} aria-hidden="true" />
        <span className={styles.label}>Run a command…</span>
        <ActionCaps action="palette" />
      </button>
      <div className={styles.end}>
        <WorkPill />
        <FeedPill />
      </div>
    </header>
  );
}
