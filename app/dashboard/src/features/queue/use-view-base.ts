import { useState } from "react";
import type { SavedView } from "./queries";

type Base = Pick<SavedView, "id" | "version">;

/**
 * The version of the chosen view that what is shown goes back to: what somebody else changed on it since is not to be
 * saved over unseen. Null where nobody knows, as at an address that shows something else than the view does.
 */
export function useViewBase(present: SavedView | undefined, isChanged: boolean) {
  const [base, setBase] = useState<Base | null>(null);
  const isKnown = base !== null && base.id === present?.id;
  if (present && !isChanged && !(isKnown && base.version === present.version))
    setBase({ id: present.id, version: present.version });
  return {
    version: isKnown ? base.version : null,
    /** The view is as it is by what was changed here: with `from` still the base, nobody else changed it before. */
    follow: (from: number, { id, version }: Base) =>
      setBase((known) => (known?.id === id && known.version === from ? { id, version } : known)),
  };
}
