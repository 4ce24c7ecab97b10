import { useQuery } from "@tanstack/react-query";
import { FastForward, Tag } from "lucide-react";
import { useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { TypeAhead, type TypeAheadOption } from "@/components/TypeAhead";
import type { IssueChange } from "@/ipc";
import { testIds } from "@/lib/testIds";
import styles from "./ReleaseDialog.module.css";
import type { Target } from "./useIssueChange";
import type { Triage } from "./useTriage";

/** Value of the choice that names no release. No version is empty. */
const NEXT = "";

/** Chooses the release an issue is resolved in. */
export function ReleaseDialog({ triage }: { triage: Triage }) {
  const chooser = triage.chooser?.kind === "release" ? triage.chooser : null;
  return (
    <Dialog
      open={chooser !== null}
      onClose={triage.close}
      title={`Resolve ${chooser?.target.row?.short_id ?? "the issue"} in a release`}
    >
      {chooser ? <Releases triage={triage} target={chooser.target} /> : null}
    </Dialog>
  );
}

function Releases({ triage, target }: { triage: Triage; target: Target }) {
  const { host } = useServices();
  const project = target.row?.project ?? "";
  const releases = useQuery({ ...asks.releases(host, project), enabled: project !== "" });
  const [error, setError] = useState<unknown>(null);

  const choose = (value: string) => {
    const change: IssueChange =
      value === NEXT ? { kind: "resolve_in_next_release" } : { kind: "resolve_in_release", release: value };
    setError(null);
    triage.apply(change).then(triage.close, setError);
  };

  const known = releases.data ?? [];
  const options: TypeAheadOption[] =
    known.length === 0
      ? []
      : [
          {
            value: NEXT,
            label: "The next release",
            note: `after ${known[0]}`,
            icon: <FastForward size={14} aria-hidden="true" />,
          },
          ...known.map((release, at) => ({
            value: release,
            label: release,
            note: at === 0 ? "newest" : undefined,
            icon: <Tag size={14} aria-hidden="true" />,
          })),
        ];
  return (
    <>
      <p className={styles.lead}>
        It comes back when it is seen in that release or a later one. Events of older releases, or without a
        release, leave it resolved.
      </p>
      {error ? <ErrorNotice error={error} /> : null}
      {releases.error ? (
        <ErrorNotice error={releases.error} onRetry={() => void releases.refetch()} />
      ) : (
        <div className={styles.chooser}>
          <ProgressLine busy={releases.isFetching && !releases.data} label="Reading the releases" />
          <TypeAhead
            label="Release"
            placeholder="Version"
            testId={testIds.releaseInput}
            options={options}
            empty={
              releases.data
                ? "This project has no releases yet. Events that carry a release make one; until then, resolve it now."
                : "Reading the releases…"
            }
            onChoose={choose}
          />
        </div>
      )}
    </>
  );
}
