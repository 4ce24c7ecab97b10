import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { Select } from "@/components/Select";
import { testIds } from "@/lib/testIds";
import styles from "./QueryBuilder.module.css";
import { appendTerm, printTerm, removeTerm, replaceTerm, splitTerms, type Term } from "./terms";

const OPERATORS = [
  { value: "is", label: "is" },
  { value: "not", label: "is not" },
  { value: ">", label: "more than" },
  { value: ">=", label: "at least" },
  { value: "<", label: "less than" },
  { value: "<=", label: "at most" },
] as const;
type OperatorWord = (typeof OPERATORS)[number]["value"];

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
        event.preventDefault();
        onClose();
      }}
    >
      {terms.map((term, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a term's place is its identity while its text is edited
        <div key={at} className={styles.row} data-testid={testIds.builderRow} data-kind={term.kind}>
          <TermFields
            term={term}
            keys={keys}
            onChange={(next) => onChange(replaceTerm(text, term, printTerm(next)))}
          />
          <IconButton label={`Remove ${term.raw}`} onClick={() => onChange(removeTerm(text, term))}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <NewTerm keys={keys} onAdd={(term) => onChange(appendTerm(text, term))} />
      <Button kind="quiet" onClick={onClose}>
        Close
      </Button>
    </section>
  );
}

const wordOf = (term: Pick<Term, "negated" | "operator">): OperatorWord =>
  term.negated || term.operator === "!="
    ? "not"
    : (OPERATORS.find(({ value }) => value === term.operator)?.value ?? "is");

function withWord<T extends Pick<Term, "negated" | "operator">>(term: T, word: OperatorWord): T {
  return { ...term, negated: word === "not", operator: word === "is" || word === "not" ? "" : word };
}

/** `others` keeps a key in the list that nobody suggested. */
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
  term,
  keys,
  onChange,
}: {
  term: Term;
  keys: readonly string[];
  onChange: (term: Term) => void;
}) {
  const id = useId();
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
  return (
    <>
      <KeySelect value={term.key} keys={keys} onChange={(key) => onChange({ ...term, key })} />
      <Select
        label="Comparison"
        value={wordOf(term)}
        choices={OPERATORS}
        onChange={(word) => onChange(withWord(term, word))}
      />
      <input
        className={styles.value}
        aria-label={`Value of ${term.key}`}
        value={term.value}
        onChange={(event) => onChange({ ...term, value: event.target.value })}
      />
    </>
  );
}

/** A row that becomes part of the query once it has a value. */
function NewTerm({ keys, onAdd }: { keys: readonly string[]; onAdd: (term: string) => void }) {
  const [key, setKey] = useState("");
  const [word, setWord] = useState<OperatorWord>("is");
  const [value, setValue] = useState("");
  const chosen = key === "" ? (keys[0] ?? "") : key;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (value.trim() === "" || chosen === "") return;
    onAdd(
      printTerm(
        withWord({ kind: "filter", negated: false, key: chosen, operator: "", value: value.trim() }, word),
      ),
    );
    setValue("");
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <KeySelect value={chosen} keys={keys} onChange={setKey} />
      <Select label="Comparison" value={word} choices={OPERATORS} onChange={setWord} />
      <input
        className={styles.value}
        aria-label="Value of the new term"
        placeholder="value"
        data-testid={testIds.builderValue}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button type="submit">
        <Plus size={14} aria-hidden="true" /> Add
      </Button>
    </form>
  );
}
