import type { ReactNode } from "react";
import classes from "./page-tabs.module.css";
import { sideways } from "./sideways";

/** The parts of a page, as links: each has its own address. The links themselves come from the page, which knows its route. */
export function PageTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav ref={sideways} className={`${classes.tabs} sideways`} aria-label={label}>
      {children}
    </nav>
  );
}
