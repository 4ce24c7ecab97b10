import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Notice } from "@/components/Notice";
import { BundleNotice } from "@/features/bundle/BundleNotice";
import { useBundle } from "@/features/bundle/useBundle";
import type { AppInfo } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { asks } from "./queries";
import { useServices } from "./services";

function titleOf(info: AppInfo | undefined): string | null {
  if (info?.bundle) return `The bundle ${info.bundle.name} is open.`;
  return info?.read_only ? "You can look, but not change anything." : null;
}

/** Why nothing can be changed, for as long as that is so, and which bundle is being read. */
export function StoreNotice() {
  const { host, announcer } = useServices();
  const { reading, close } = useBundle();
  const info = useQuery(asks.appInfo(host)).data;
  const title = titleOf(info);
  useEffect(() => {
    if (title !== null) announcer.say(title, "store");
  }, [announcer, title]);
  return (
    <div data-region={info?.bundle ? "bundle" : undefined}>
      {reading === null ? null : (
        <Notice
          kind="reading"
          severity="note"
          title={`Reading ${reading}…`}
          text="It is checked line by line. What is on screen stays until it is open."
          testId={testIds.bundleReading}
        />
      )}
      {info?.bundle && title ? <BundleNotice bundle={info.bundle} title={title} onClose={close} /> : null}
      {!info?.bundle && title ? (
        <Notice
          kind="locked"
          severity="waiting"
          title={title}
          text={info?.read_only ?? ""}
          testId={testIds.storeNotice}
        />
      ) : null}
    </div>
  );
}
