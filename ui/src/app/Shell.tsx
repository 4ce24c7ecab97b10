import { Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useState } from "react";
import { HoverTip } from "@/components/HoverTip";
import { ToastList } from "@/components/Toasts";
import { useBundlePlace } from "@/features/bundle/useBundle";
import { FeedNotices } from "@/features/feed/FeedNotices";
import { useInterruptedJobs } from "@/features/jobs/useInterruptedJobs";
import { UndoReportDialog } from "@/features/journal/UndoReportDialog";
import { ValueMenu } from "@/features/search/Value";
import { HelpSheet } from "@/keyboard/HelpSheet";
import { Palette } from "@/keyboard/Palette";
import { useWindowLayer } from "@/keyboard/useActions";
import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { useGlobalActions } from "./globalActions";
import { usePreferences } from "./preferences";
import { useStoreIdentity } from "./queries";
import { Rail } from "./Rail";
import styles from "./Shell.module.css";
import { StatusBar } from "./StatusBar";
import { StoreNotice } from "./StoreNotice";
import { useServices } from "./services";
import { TitleBar } from "./TitleBar";

/** The window: rail, title bar, the screen, status bar, and what can open above them. */
export function Shell() {
  const { host, keyboard, announcer, inbox, triageRun } = useServices();
  const router = useRouter();
  const onLive = useLocation({ select: (location) => location.pathname === "/live" });
  const { singleKeys, keyPreset, keyBindings, zoom, railWide } = usePreferences();
  const [overlay, setOverlay] = useState<{ kind: "palette"; start?: string } | { kind: "help" } | null>(null);
  const openPalette = (start?: string) =>
    setOverlay(start === undefined ? { kind: "palette" } : { kind: "palette", start });
  const announcement = useValue(announcer.message);

  useStoreIdentity();
  useBundlePlace();
  useInterruptedJobs();
  useWindowLayer(useGlobalActions({ openPalette, openHelp: () => setOverlay({ kind: "help" }) }));
  useEffect(() => keyboard.listen(window), [keyboard]);
  useEffect(() => {
    keyboard.singleKeys = singleKeys;
  }, [keyboard, singleKeys]);
  useLayoutEffect(() => keyboard.rebind({ keyPreset, keyBindings }), [keyboard, keyPreset, keyBindings]);
  useEffect(() => {
    // A window that cannot be drawn larger stays as it is; nothing else depends on it.
    host.setZoom(zoom).catch(() => undefined);
  }, [host, zoom]);
  useEffect(() => inbox.follow(router), [inbox, router]);
  useEffect(() => triageRun.keepOn(window), [triageRun]);

  return (
    <div className={cx(styles.shell, railWide && styles.wide)} data-testid={testIds.shell}>
      <TitleBar onOpenPalette={() => openPalette()} />
      <Rail />
      <main className={styles.screen} data-region="screen" tabIndex={-1}>
        <Outlet />
      </main>
      <div className={styles.notices}>
        <StoreNotice />
        {onLive ? null : <FeedNotices hideable />}
      </div>
      <StatusBar />
      <Palette
        open={overlay?.kind === "palette"}
        start={overlay?.kind === "palette" ? overlay.start : undefined}
        onClose={() => setOverlay(null)}
      />
      <HelpSheet open={overlay?.kind === "help"} onClose={() => setOverlay(null)} />
      <UndoReportDialog />
      <ValueMenu />
      <HoverTip />
      <ToastList />
      <div className="visually-hidden" aria-live="polite" role="status">
        {announcement}
      </div>
    </div>
  );
}
