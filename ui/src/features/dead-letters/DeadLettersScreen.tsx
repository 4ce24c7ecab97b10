import { Tabs } from "@base-ui/react/tabs";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { OutcomesView } from "@/features/outcomes/OutcomesView";
import { testIds } from "@/lib/testIds";
import styles from "./DeadLettersScreen.module.css";
import { LettersView } from "./LettersView";

const route = getRouteApi("/dead-letters");

type Tab = "letters" | "outcomes";

/** What could not be read, and how all records ended. */
export function DeadLettersScreen() {
  const { state = "new", reason, tab = "letters" } = route.useSearch();
  const navigate = useNavigate();
  const show = (next: Tab) =>
    void navigate({
      to: "/dead-letters",
      search: next === "outcomes" ? { tab: next } : { state, reason },
      replace: true,
    });
  return (
    <Tabs.Root className={styles.screen} value={tab} onValueChange={(next) => show(next as Tab)}>
      <header className={styles.header} data-region="header">
        <h1 className={styles.title}>Dead letters</h1>
        <Tabs.List className={styles.tabs}>
          <Tabs.Tab className={styles.tab} value="letters" data-testid={testIds.deadLetterTab("letters")}>
            Records
          </Tabs.Tab>
          <Tabs.Tab className={styles.tab} value="outcomes" data-testid={testIds.deadLetterTab("outcomes")}>
            Outcomes
          </Tabs.Tab>
        </Tabs.List>
      </header>
      <Tabs.Panel className={styles.panel} value="letters" tabIndex={-1}>
        <LettersView key={`${state} ${reason}`} state={state} reason={reason ?? null} />
      </Tabs.Panel>
      <Tabs.Panel className={styles.panel} value="outcomes" tabIndex={-1} data-region="outcomes">
        <OutcomesView />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
