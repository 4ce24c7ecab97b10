import { Link } from "@tanstack/react-router";
import { Cable, Inbox, RadioTower, Settings } from "lucide-react";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./Rail.module.css";
import { useServices } from "./services";

const PLACES = [
  { to: "/live", name: "live", label: "Live", Icon: RadioTower },
  { to: "/connections", name: "connections", label: "Connections", Icon: Cable },
  { to: "/settings", name: "settings", label: "Settings", Icon: Settings },
] as const;

/** The screens. The inbox link leads to the list as it was left. */
export function Rail() {
  const { inbox } = useServices();
  const search = useValue(inbox.search);
  const active = { className: styles.active, "aria-current": "page" as const };
  return (
    <nav className={styles.rail} aria-label="Screens" data-region="rail">
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
        <Link key={to} to={to} activeProps={active} className={styles.place} data-testid={testIds.nav(name)}>
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {label}
        </Link>
      ))}
    </nav>
  );
}
