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
import { common, type Subject } from "./subject";
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
      title={`Resolve ${chooser?.subject.name ?? "the issue"} in a release`}
    >
      {chooser ? <Releases triage={triage} subject={chooser.subject} /> : null}
    </Dialog>
  );
}

/** Projects of the issues; undefined until they are known. */
function useProjects(subject: Subject): { projects: readonly string[] | undefined; error: unknown } {
  const { host } = useServices();
  const known = common(subject, (row) => row.project);
  const summary = useQuery({ ...asks.selection(host, subject.selection), enabled: known === undefined });
  if (known !== undefined) return { projects: [known], error: null };
  return { projects: summary.data?.by_project.map(({ project }) => project), error: summary.error };
}

function Releases({ triage, subject }: { triage: Triage; subject: Subject }) {
  const { host } = useServices();
  const { projects, error: unknown } = useProjects(subject);
  const project = projects?.length === 1 ? (projects[0] as string) : "";
  const releases = useQuery({ ...asks.releases(host, project), enabled: project !== "" });
  const several = projects !== undefined && projects.length > 1;
  const [error, setError] = useState<unknown>(null);

  const choose = (value: string) => {
    const change: IssueChange =
      value === NEXT ? { kind: "resolve_in_next_release" } : { kind: "resolve_in_release", release: value };
    setError(null);
    triage.apply(change).then(triage.close, setError);
  };

  const known = releases.data ?? [];
  const options: TypeAheadOption[] =
    known.length === 0 && !several
      ? []
      : [
          {
            value: NEXT,
            label: "The next release",
            note: several ? "of each project" : `after ${known[0]}`,
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
        {subject.count === 1 ? "It comes back when it is" : "They come back when they are"} seen in that
        release or a later one. Events of older releases, or without a release, leave{" "}
        {subject.count === 1 ? "it" : "them"} resolved.
      </p>
      {several ? (
        <p className={styles.lead}>
          They belong to {projects.length} projects, and each has releases of its own. Select issues of one
          project to choose a version.
        </p>
      ) : null}
      {error ? <ErrorNotice error={error} /> : null}
      {(unknown ?? releases.error) ? (
        <ErrorNotice error={unknown ?? releases.error} onRetry={() => void releases.refetch()} />
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
