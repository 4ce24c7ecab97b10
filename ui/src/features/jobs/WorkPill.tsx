import { Link } from "@tanstack/react-router";
import { useServices } from "@/app/services";
import { useSlow } from "@/components/useSlow";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./WorkPill.module.css";

/** Says on every screen that something is under way, and leads to it. */
export function WorkPill() {
  const { work } = useServices();
  const running = useValue(work.running);
  const visible = useSlow(running.length > 0, 150);
  if (!visible) return null;
  const done = running.reduce((sum, one) => sum + one.done, 0);
  const total = running.reduce((sum, one) => sum + one.total, 0);
  return (
    <Link to="/jobs" className={styles.pill} data-testid={testIds.workPill}>
      {plural(running.length, "job")} · {total === 0 ? 0 : Math.floor((done / total) * 100)} %
    </Link>
  );
}
