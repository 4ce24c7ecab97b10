import type { IssueChanges } from "@/ipc";

/** What has changed in a list, without the revision it was counted at. */
export type ListChanges = Pick<IssueChanges, "added" | "changed" | "left">;

/** Whether anything has changed at all. */
export const isChange = ({ added, changed, left }: ListChanges): boolean => added + changed + left > 0;
