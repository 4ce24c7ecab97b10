import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { Segmented } from "@/components/Segmented";
import { Select } from "@/components/Select";
import { testIds } from "@/lib/testIds";
import { COMPARISONS, type Comparison, compare, comparedText, comparisonOf } from "./comparison";
import { isTimeKey } from "./days";
import styles from "./QueryBuilder.module.css";
import {
  appendTerm,
  printTerm,
  removeTerm,
  replaceTerm,
  splitTerms,
  type Term,
  unfinishedFilter,
} from "./terms";
import { ValueField } from "./ValueField";

/** How a new row belongs to those before it. */
const JOINTS = [
  { value: "and", label: "and" },
  { value: "or", label: "or" },
] as const;
type Joint = (typeof JOINTS)[number]["value"];

interface QueryBuilderProps {
  text: string;
  onChange: (text: string) => void;
  onClose: () => void;
}

/** The query as rows, one a term. It edits the same text as the field and leaves the rest of it as it was typed. */
export function QueryBuilder({ text, onChange, onClose }: QueryBuilderProps) {
  const { host } = useServices();
  const frame = useRef<HTMLElement>(null);
  const keys =
    useQuery({
      queryKey: ["query-keys"],
      queryFn: async () => (await host.queryComplete("", 0)).items.map((item) => item.label),
      staleTime: Number.POSITIVE_INFINITY,
    }).data ?? [];
  const terms = splitTerms(text);
  useEffect(() => frame.current?.querySelector<HTMLElement>("input, button")?.focus(), []);
  return (
    <section
      ref={frame}
      className={styles.builder}
      aria-label="Query by rows"
      data-testid={testIds.builder}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        // One for a calendar, which stands elsewhere in the page, closes that.
        if (!event.currentTarget.contains(event.target as Node)) return;
        event.preventDefault();
        onClose();
      }}
    >
      {terms.map((term, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a term's place is its identity while its text is edited
        <div key={at} className={styles.row} data-testid={testIds.builderRow} data-kind={term.kind}>
          <TermFields
            text={text}
            term={term}
            keys={keys}
            onChange={(next) => onChange(replaceTerm(text, term, printTerm(next)))}
          />
          <IconButton label={`Remove ${term.raw}`} onClick={() => onChange(removeTerm(text, term))}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <NewTerm
        text={text}
        keys={keys}
        onAdd={(term, joint) => {
          const isFirst = text.trim() === "";
          onChange(appendTerm(joint === "or" && !isFirst ? appendTerm(text, "OR") : text, term));
        }}
      />
      <Button kind="quiet" onClick={onClose}>
        Close
      </Button>
    </section>
  );
}

/** A key that nobody suggested is in the list as well. */
function KeySelect({
  value,
  keys,
  onChange,
}: {
  value: string;
  keys: readonly string[];
  onChange: (key: string) => void;
}) {
  const all = keys.includes(value) || value === "" ? keys : [value, ...keys];
  return (
    <Select
      label="Field"
      value={value}
      choices={all.map((key) => ({ value: key, label: key }))}
      onChange={onChange}
    />
  );
}

function TermFields({
  text,
  term,
  keys,
  onChange,
}: {
  text: string;
  term: Term;
  keys: readonly string[];
  onChange: (term: Term) => void;
}) {
  const { host } = useServices();
  const id = useId();
  // What was chosen holds where several comparisons say the same, as they do without a value.
  const [chosen, setChosen] = useState<Comparison | null>(null);
  if (term.kind === "word") return <span className={styles.word}>{term.raw.toUpperCase()}</span>;
  if (term.kind !== "filter") {
    return (
      <>
        <label htmlFor={id} className={styles.kind}>
          {term.kind === "group" ? "Group" : "Text"}
        </label>
        <input
          id={id}
          className={styles.value}
          value={term.value}
          onChange={(event) => onChange({ ...term, value: event.target.value })}
        />
      </>
    );
  }
  const comparison = chosen !== null && comparedText(term, chosen) !== null ? chosen : comparisonOf(term);
  const value = comparedText(term, comparison) ?? term.value;
  const typed = unfinishedFilter(term.key, value);
  return (
    <>
      <KeySelect value={term.key} keys={keys} onChange={(key) => onChange({ ...term, key })} />
      <Select
        label="Comparison"
        value={comparison}
        choices={COMPARISONS}
        onChange={(next) => {
          setChosen(next);
          onChange(compare(term, next, value));
        }}
      />
      <ValueField
        label={`Value of ${term.key}`}
        value={value}
        onChange={(next) => onChange(compare(term, comparison, next))}
        asked={[text, term.start, value]}
        isTime={isTimeKey(term.key)}
        suggest={() => host.queryComplete(replaceTerm(text, term, typed.raw), term.start + typed.caret)}
      />
    </>
  );
}

/** A row that becomes part of the query once it has a value. */
function NewTerm({
  text,
  keys,
  onAdd,
}: {
  text: string;
  keys: readonly string[];
  onAdd: (term: string, joint: Joint) => void;
}) {
  const { host } = useServices();
  const [joint, setJoint] = useState<Joint>("and");
  const [key, setKey] = useState("");
  const [comparison, setComparison] = useState<Comparison>("is");
  const [value, setValue] = useState("");
  const chosen = key === "" ? (keys[0] ?? "") : key;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (value.trim() === "" || chosen === "") return;
    const blank = { kind: "filter", negated: false, key: chosen, operator: "", value: "" } as const;
    onAdd(printTerm(compare(blank, comparison, value.trim())), joint);
    setValue("");
  };
  const typed = unfinishedFilter(chosen, value);
  const asked = appendTerm(text, typed.raw);
  return (
    <form className={styles.row} onSubmit={submit}>
      {text.trim() === "" ? null : (
        <Segmented label="Joined by" value={joint} choices={JOINTS} onChange={setJoint} />
      )}
      <KeySelect value={chosen} keys={keys} onChange={setKey} />
      <Select label="Comparison" value={comparison} choices={COMPARISONS} onChange={setComparison} />
      <ValueField
        label="Value of the new term"
        placeholder="value"
        testId={testIds.builderValue}
        value={value}
        onChange={setValue}
        asked={[asked]}
        isTime={isTimeKey(chosen)}
        suggest={() => host.queryComplete(asked, asked.length - typed.raw.length + typed.caret)}
      />
      <Button type="submit">
        <Plus size={14} aria-hidden="true" /> Add
      </Button>
    </form>
  );
}
