import { Confirm } from "@/components/Confirm";
import type { ConnectionProfile } from "@/ipc";

interface StartProductionProps {
  /** The production connection that is about to be started; null when none is. */
  connection: ConnectionProfile | null;
  onClose: () => void;
  onStart: (name: string) => void;
}

/** Production asks at each start, and says what will and will not happen there. */
export function StartProduction({ connection, onClose, onStart }: StartProductionProps) {
  return (
    <Confirm
      open={connection !== null}
      title={`Read from ${connection?.name ?? ""}?`}
      action="Start reading"
      onClose={onClose}
      onConfirm={() => {
        if (connection) onStart(connection.name);
      }}
    >
      <p>
        This is a production cluster. Picket will only observe it: it joins no consumer group, commits no
        offsets and sends nothing.
      </p>
      <p>Topics: {connection?.topics.join(", ")}</p>
    </Confirm>
  );
}
