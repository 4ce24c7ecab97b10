import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Notice } from "@/components/Notice";
import { testIds } from "@/lib/testIds";
import { asks } from "./queries";
import { useServices } from "./services";

/** Why nothing can be changed, for as long as that is so. */
export function StoreNotice() {
  const { host, announcer } = useServices();
  const reason = useQuery(asks.appInfo(host)).data?.read_only ?? null;
  const title = reason === null ? null : "You can look, but not change anything.";
  useEffect(() => {
    if (title !== null) announcer.say(title);
  }, [announcer, title]);
  if (title === null) return null;
  return (
    <Notice
      kind="locked"
      severity="waiting"
      title={title}
      text={`${reason} Picket tries again by itself; then changes work without a restart.`}
      testId={testIds.storeNotice}
    />
  );
}
