import { FlaskConical, Laptop, ShieldAlert, Users } from "lucide-react";
import type { ClusterEnvironment } from "@/ipc";
import { cx } from "@/lib/classNames";
import styles from "./EnvironmentMark.module.css";

const LOOKS = {
  local: { word: "local", Icon: Laptop },
  dev: { word: "dev", Icon: Users },
  staging: { word: "staging", Icon: FlaskConical },
  production: { word: "production", Icon: ShieldAlert },
} as const;

/** The kind of cluster: icon, word and colour together. */
export function EnvironmentMark({ environment }: { environment: ClusterEnvironment }) {
  const { word, Icon } = LOOKS[environment];
  return (
    <span className={cx(styles.mark, styles[environment])}>
      <Icon size={12} aria-hidden="true" />
      {word}
    </span>
  );
}
