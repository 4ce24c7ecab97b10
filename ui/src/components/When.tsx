import { formatAge, formatExact } from "@/lib/format";

/** How long ago something was, and exactly when. `now` comes from the caller, so that one clock moves a whole list. */
export function When({ time, now, className }: { time: number; now: number; className?: string }) {
  return (
    <time dateTime={new Date(time).toISOString()} className={className}>
      {formatAge(time, now)} ago · {formatExact(time)}
    </time>
  );
}
