import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Cable, History, Inbox, ListChecks, MailX, RadioTower, Settings } from "lucide-react";
import { useCallback } from "react";
import { cx } from "@/lib/classNames";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { usePreferences } from "./preferences";
import { asks, useStoreChange } from "./queries";
import styles from "./Rail.module.css";
import { useServices } from "./services";

const PLACES = [
  { to: "/live", name: "live", label: "Live", Icon: RadioTower },
  { to: "/dead-letters", name: "dead-letters", label: "Dead letters", Icon: MailX },
  { to: "/jobs", name: "jobs", label: "Jobs", Icon: ListChecks },
  { to: "/journal", name: "journal", label: "Journal", Icon: History },
  { to: "/connections", name: "connections", label: "Connections", Icon: Cable },
  { to: "/settings", name: "settings", label: "Settings", Icon: Settings },
] as const;

/** Counts beyond this are drawn short; the exact one is in the tooltip and on the screen itself. */
const SHOWN_UP_TO = 999;

/** The screens. The inbox link leads to the list as it was left. */
export function Rail() {
  const { inbox } = useServices();
  const search = useValue(inbox.search);
  const { railWide } = usePreferences();
  const active = { className: styles.active, "aria-current": "page" as const };
  return (
    <nav className={cx(styles.rail, railWide && styles.wide)} aria-label="Screens" data-region="rail">
      <Link
        to="/inbox"
        search={search}
        activeOptions={{ includeSearch: false }}
        activeProps={active}
        className={styles.place}
        data-testid={testIds.nav("inbox")}
      >
        <Inbox size={20} strokeWidth={1.75} aria-hidden="true" />
        Inbox
      </Link>
      {PLACES.map(({ to, name, label, Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ includeSearch: false }}
          activeProps={active}
          className={styles.place}
          data-testid={testIds.nav(name)}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {label}
          {name === "dead-letters" ? <DeadLetterCount /> : null}
        </Link>
      ))}
    </nav>
  );
}

/** How many dead letters wait for somebody. Nothing while none does. */
function DeadLetterCount() {
  const { host, queries } = useServices();
  const ask = asks.deadLetters(host, { state: "new", reason: null, limit: 1 });
  const total = useQuery(ask).data?.total ?? 0;
  const recount = useCallback(() => {
    const { queryKey } = asks.deadLetters(host, { state: "new", reason: null, limit: 1 });
    if (!document.hidden) void queries.invalidateQueries({ queryKey });
  }, [host, queries]);
  useStoreChange(recount);
  if (total === 0) return null;
  return (
    <span
      className={styles.count}
      data-testid={testIds.deadLetterCount}
      data-count={total}
      data-tip={`${formatCount(total)} records wait for somebody`}
    >
      <span className="visually-hidden">, </span>
      {total > SHOWN_UP_TO ? `${formatCount(SHOWN_UP_TO)}+` : total}
      <span className="visually-hidden"> new</span>
    </span>
  );
}
