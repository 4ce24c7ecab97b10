import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFeedControl } from "@/app/feedControl";
import { asks, useFeed } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Confirm";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { StartProduction } from "@/features/feed/StartProduction";
import type { ConnectionProfile } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import styles from "./ConnectionEditor.module.css";
import { ConnectionForm } from "./ConnectionForm";
import { tidy, validate } from "./formModel";
import { TestLadder } from "./TestLadder";

interface ConnectionEditorProps {
  saved: ConnectionProfile;
  isNew: boolean;
  otherNames: readonly string[];
}

/** One connection: edit, test, save, delete, start and stop. */
export function ConnectionEditor({ saved, isNew, otherNames }: ConnectionEditorProps) {
  const { host, announcer } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const feed = useFeed();
  const control = useFeedControl();
  const [draft, setDraft] = useState(saved);
  const [topicsText, setTopicsText] = useState(saved.topics.join(", "));
  const [password, setPassword] = useState<string | null>(null);
  /** Problems are shown once somebody has tried to go on; until then an empty field is just not filled in yet. */
  const [tried, setTried] = useState(false);
  const results = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState<"delete" | "production" | null>(null);

  const problems = validate(draft, otherNames);
  const count = Object.keys(problems).length;
  const changed = password !== null || JSON.stringify(draft) !== JSON.stringify(saved);

  const save = useMutation({
    mutationFn: () => host.connectionSave(tidy(draft), password, isNew ? null : saved.name),
    onSuccess: async (profile) => {
      await queries.invalidateQueries({ queryKey: asks.connections(host).queryKey });
      announcer.say(`${profile.name} saved`);
      setPassword(null);
      setDraft(profile);
      void navigate({ to: "/connections", search: { name: profile.name }, replace: true });
    },
  });
  const test = useMutation({ mutationFn: () => host.connectionTest(tidy(draft), password) });
  const remove = useMutation({
    mutationFn: () => host.connectionDelete(saved.name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: asks.connections(host).queryKey });
      void navigate({ to: "/connections", search: {}, replace: true });
    },
  });

  const whenValid = (run: () => void) => () => {
    setTried(true);
    if (count === 0) run();
  };
  const saveNow = whenValid(() => save.mutate());
  const testNow = whenValid(() => test.mutate());

  // What came back stands below a form that may be taller than the window.
  const answered = Boolean(save.error ?? remove.error ?? test.error ?? test.data ?? control.error);
  useEffect(() => {
    if (answered) results.current?.scrollIntoView?.({ block: "nearest" });
  }, [answered]);

  const running = feed !== undefined && feed.state !== "off" && feed.state !== "failed";
  const runsThis = running && feed.connection === saved.name;
  const start = () =>
    saved.environment === "production" ? setAsking("production") : control.start(saved.name);

  useActions([
    {
      ...fromCatalogue("connection.save"),
      inTextFields: true,
      unavailable: changed || isNew ? null : "nothing has changed",
      run: saveNow,
    },
    { ...fromCatalogue("connection.test"), run: testNow },
  ]);

  return (
    <section
      className={cx(styles.editor, draft.environment === "production" && styles.production)}
      aria-label={isNew ? "New connection" : saved.name}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{isNew ? "New connection" : saved.name}</h2>
        {draft.environment === "production" ? (
          <span className={styles.tag}>production: observe only</span>
        ) : null}
        {isNew ? null : (
          <div className={styles.feed}>
            {runsThis ? (
              <Button onClick={control.stop} disabled={control.busy}>
                <Square size={12} aria-hidden="true" /> Stop
              </Button>
            ) : (
              <Button
                onClick={start}
                disabled={control.busy || changed}
                data-tip={
                  changed
                    ? "Save the changes first"
                    : running
                      ? `Takes the place of ${feed.connection}`
                      : undefined
                }
              >
                <Play size={14} aria-hidden="true" /> Start
              </Button>
            )}
            <Button
              onClick={() => setAsking("delete")}
              disabled={runsThis}
              data-tip={runsThis ? "Stop its feed first" : undefined}
            >
              Delete…
            </Button>
          </div>
        )}
      </header>

      <ConnectionForm
        profile={draft}
        problems={tried ? problems : {}}
        topicsText={topicsText}
        onTopicsText={setTopicsText}
        password={password}
        onPassword={setPassword}
        onChange={(change) => {
          setDraft((current) => ({ ...current, ...change }));
          test.reset();
        }}
      />

      <div ref={results} className={styles.results}>
        {save.error ? <ErrorNotice error={save.error} onRetry={saveNow} /> : null}
        {remove.error ? <ErrorNotice error={remove.error} /> : null}
        {control.error ? <ErrorNotice error={control.error} /> : null}
        {test.error ? <ErrorNotice error={test.error} onRetry={testNow} /> : null}
        {test.data ? <TestLadder report={test.data} /> : null}
      </div>

      <ProgressLine busy={save.isPending || test.isPending} label="Working" />
      <footer className={styles.footer}>
        <Button
          kind="primary"
          onClick={saveNow}
          disabled={save.isPending}
          data-testid={testIds.connectionSave}
        >
          Save
        </Button>
        <Button onClick={testNow} disabled={test.isPending} data-testid={testIds.connectionTest}>
          {test.isPending ? "Testing…" : "Test"}
        </Button>
        {tried && count > 0 ? (
          <span className={styles.blocked} role="alert">
            {count === 1 ? "One field needs" : `${count} fields need`} a correction first.
          </span>
        ) : null}
      </footer>

      <Confirm
        open={asking === "delete"}
        title={`Delete ${saved.name}?`}
        action="Delete the connection"
        danger
        onClose={() => setAsking(null)}
        onConfirm={() => remove.mutate()}
      >
        <p>Its settings and its stored password are removed. Issues that came through it stay.</p>
      </Confirm>
      <StartProduction
        connection={asking === "production" ? saved : null}
        onClose={() => setAsking(null)}
        onStart={control.start}
      />
    </section>
  );
}
