import { useState } from "react";
import { Segmented } from "@/components/Segmented";
import type { Subject } from "@/features/triage/subject";
import type { BundleView, ExportWhat, IssueOrder } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import { ExportDialog } from "./ExportDialog";
import styles from "./ExportDialog.module.css";
import { issuesOf } from "./exportable";
import { WHATS } from "./exportModel";

interface Look {
  sort: IssueOrder;
  /** How the list looks that they come from; null where it is none. */
  view: BundleView | null;
  /** What is offered first; an issue by itself is most often wanted as a whole. */
  first?: ExportWhat;
  /** Id of the view whose list it is; what was chosen is remembered for each. */
  list?: string | null;
  onClose: () => void;
}

/** What can be exported. */
type IssueExportDialogProps = Look &
  (
    | {
        /** Everything the query matches. */
        all: Subject;
        /** What is selected, if anything is. */
        selected: Subject | null;
      }
    /** The query could not be read to its end, so that nobody knows everything it matches. */
    | { all: null; selected: Subject }
  );

/** Exports issues, or what there is of them. */
export function IssueExportDialog(props: IssueExportDialogProps) {
  const { all, selected, sort, view, first = "issues", list = null, onClose } = props;
  const [what, setWhat] = useState<ExportWhat>(first);
  const [of, setOf] = useState<"all" | "selected">(selected ? "selected" : "all");
  const subject = all === null ? selected : of === "selected" && selected ? selected : all;
  const head = (forget: () => void) => (
    <>
      {all === null ? (
        <p className={styles.what}>
          {formatCount(selected.count)} selected. The rest of the list could not be read.
        </p>
      ) : selected ? (
        <Segmented
          label="Of which issues"
          value={of}
          choices={[
            { value: "selected", label: `${formatCount(selected.count)} selected` },
            { value: "all", label: `All ${formatCount(all.count)} of this query` },
          ]}
          onChange={(next) => {
            forget();
            setOf(next);
          }}
        />
      ) : (
        <p className={styles.what}>
          {all.row ? all.name : `All ${plural(all.count, "issue")} of this query`}
        </p>
      )}
      <Segmented
        label="What"
        value={what}
        choices={WHATS}
        onChange={(next) => {
          forget();
          setWhat(next);
        }}
      />
    </>
  );
  return (
    <ExportDialog
      of={issuesOf(subject)}
      what={what}
      sort={sort}
      view={view}
      list={list}
      head={head}
      onClose={onClose}
    />
  );
}
