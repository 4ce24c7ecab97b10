import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./Button";
import { IconButton } from "./IconButton";

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, iconOnly }: { text: string; label: string; iconOnly?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  const Icon = copied ? Check : Copy;
  if (iconOnly) {
    return (
      <IconButton label={copied ? "Copied" : label} onClick={copy}>
        <Icon size={14} />
      </IconButton>
    );
  }
  return (
    <Button onClick={copy}>
      <Icon size={14} aria-hidden="true" /> {copied ? "Copied" : label}
    </Button>
  );
}
