import { useQuery } from "@tanstack/react-query";
import { Plus, Square, SquareCheck, SquareMinus } from "lucide-react";
import { useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { TypeAhead, type TypeAheadOption } from "@/components/TypeAhead";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./LabelsDialog.module.css";
import { type LabelState, labelsChange, labelText, shownState, toggled, type Wanted } from "./labelStates";
import type { Subject } from "./subject";
import type { Triage } from "./useTriage";

const ICONS = { all: SquareCheck, some: SquareMinus, none: Square } as const;
const CHECKED = { all: true, some: "mixed", none: false } as const;

/** Puts labels on issues and takes them off. */
export function LabelsDialog({ triage }: { triage: Triage }) {
  const chooser = triage.chooser?.kind === "labels" ? triage.chooser : null;
  return (
    <Dialog
      open={chooser !== null}
      onClose={triage.close}
      title={`Labels of ${chooser?.subject.name ?? "the issue"}`}
    >
      {chooser ? <Labels triage={triage} subject={chooser.subject} /> : null}
    </Dialog>
  );
}

function Labels({ triage, subject }: { triage: Triage; subject: Subject }) {
  const { host } = useServices();
  const known = useQuery(asks.labels(host, subject.selection));
  // Some of what was selected may be left out by now: its labels are not counted, so it is no issue without them.
  const meant = useQuery(asks.selection(host, subject.selection));
  const [wanted, setWanted] = useState<Wanted>(new Map());
  const [error, setError] = useState<unknown>(null);
  const isKnown = known.data !== undefined && meant.data !== undefined;
  const counts = isKnown ? known.data : [];
  const failed = [known, meant].find((answer) => answer.error);
  const stateOf = (label: string): LabelState => {
    const selected = counts.find((count) => count.label === label)?.selected ?? 0;
    return selected === 0 ? "none" : selected >= (meant.data?.issues ?? 0) ? "all" : "some";
  };

  const apply = (next: Wanted) => {
    const change = labelsChange(next);
    if (!change) {
      triage.close();
      return;
    }
    setError(null);
    triage.apply(change).then(triage.close, setError);
  };
  const toggle = (label: string) => setWanted((now) => toggled(now, label, stateOf(label)));
  const choose = (label: string, asked: boolean) =>
    // Who has ticked something and then presses Enter wants just that.
    apply(asked || wanted.size === 0 ? toggled(wanted, label, stateOf(label)) : wanted);

  const option = (label: string, issues: number): TypeAheadOption => {
    const state = shownState(wanted, label, stateOf(label));
    const Icon = ICONS[state];
    return {
      value: label,
      label,
      note: issues === 0 ? "new" : plural(issues, "issue"),
      icon: <Icon size={14} aria-hidden="true" />,
      checked: CHECKED[state],
    };
  };
  const created = [...wanted.keys()].filter((label) => !counts.some((count) => count.label === label));
  const options = [
    ...created.map((label) => option(label, 0)),
    ...counts.map(({ label, issues }) => option(label, issues)),
  ];
  const typed = (text: string): TypeAheadOption | null => {
    const label = labelText(text);
    // Until the labels are known, nobody can say whether it is a new one.
    if (!isKnown || label === null || options.some((one) => one.value === label)) return null;
    return {
      value: label,
      label: `Create “${label}”`,
      icon: <Plus size={14} aria-hidden="true" />,
      checked: false,
    };
  };
  return (
    <>
      {error ? <ErrorNotice error={error} /> : null}
      {failed ? (
        <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />
      ) : (
        <div className={styles.chooser}>
          <ProgressLine busy={!isKnown} label="Reading the labels" />
          <TypeAhead
            label="Labels"
            placeholder="A label"
            testId={testIds.labelInput}
            options={options}
            empty={isKnown ? "There are no labels yet. Type a name to create one." : "Reading the labels…"}
            typed={typed}
            onToggle={toggle}
            onChoose={choose}
          />
        </div>
      )}
      <div className={styles.end}>
        <span className={styles.hint}>Enter applies · Shift+Enter ticks and goes on</span>
        <Button
          kind="primary"
          disabled={wanted.size === 0}
          data-testid={testIds.labelApply}
          onClick={() => apply(wanted)}
        >
          Apply
        </Button>
      </div>
    </>
  );
}
