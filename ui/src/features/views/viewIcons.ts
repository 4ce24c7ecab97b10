import {
  Bell,
  Bug,
  Clock,
  Database,
  Flame,
  Gauge,
  type LucideIcon,
  Shield,
  Star,
  Tag,
  UserRound,
} from "lucide-react";
import type { ViewIcon } from "@/ipc";

/** Signs that a view can have in front of its name, in the order they are offered. */
export const VIEW_ICONS: Record<ViewIcon, { title: string; Icon: LucideIcon }> = {
  bug: { title: "Bug", Icon: Bug },
  flame: { title: "Flame", Icon: Flame },
  bell: { title: "Bell", Icon: Bell },
  clock: { title: "Clock", Icon: Clock },
  user: { title: "Person", Icon: UserRound },
  star: { title: "Star", Icon: Star },
  shield: { title: "Shield", Icon: Shield },
  gauge: { title: "Gauge", Icon: Gauge },
  database: { title: "Database", Icon: Database },
  tag: { title: "Tag", Icon: Tag },
};

/** All of them, in that order. */
export const ICON_NAMES = Object.keys(VIEW_ICONS) as ViewIcon[];

/** The sign that a text names, as far as this version knows it. */
export const knownIcon = (word: unknown): ViewIcon | null => ICON_NAMES.find((name) => name === word) ?? null;
