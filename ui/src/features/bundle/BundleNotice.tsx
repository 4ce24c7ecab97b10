import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import type { AppInfo } from "@/ipc";
import { formatExact, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";

/** What is looked at instead of the user's own issues, and the way back to them. */
export function BundleNotice({
  bundle,
  title,
  onClose,
}: {
  bundle: NonNullable<AppInfo["bundle"]>;
  title: string;
  onClose: () => void;
}) {
  const parts = [
    `Made ${formatExact(bundle.made)}`,
    plural(bundle.issues, "issue"),
    plural(bundle.occurrences, "occurrence"),
    bundle.is_redacted ? "redacted" : "nothing taken out",
    "read-only",
  ];
  return (
    <Notice
      kind="bundle"
      severity="note"
      title={title}
      text={<span data-tip={bundle.path}>{parts.join(" · ")}</span>}
      testId={testIds.storeNotice}
    >
      <Button kind="primary" data-testid={testIds.bundleClose} onClick={onClose}>
        Close the bundle
      </Button>
    </Notice>
  );
}
