import {
  IconBrandGmail,
  IconBrandNotion,
  IconBrandSlack,
  IconBrandTrello,
  IconCalendar,
  IconFileText,
  IconMail,
  IconTable,
  type Icon,
} from "@tabler/icons-react";
import classes from "./kind-mark.module.css";

const MARKS: Record<string, Icon> = {
  gmail: IconBrandGmail,
  slack: IconBrandSlack,
  notion: IconBrandNotion,
  trello: IconBrandTrello,
  googlecalendar: IconCalendar,
  mbox: IconMail,
  eml: IconMail,
  maildir: IconMail,
  csv: IconTable,
  json: IconTable,
};

/** A kind's mark; its name stands beside it in words. */
export function KindMark({ kind }: { kind: string }) {
  const Mark = MARKS[kind] ?? IconFileText;
  return (
    <span className={classes.mark} aria-hidden>
      <Mark size={20} stroke={1.5} />
    </span>
  );
}
