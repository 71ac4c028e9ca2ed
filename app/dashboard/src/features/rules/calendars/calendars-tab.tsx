import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { Loaded } from "../loaded";
import { calendarsQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { CalendarCard } from "./calendar-card";
import { CalendarDialog } from "./calendar-dialog";
import type { Calendar } from "./calendar-form";
import classes from "./calendars.module.css";

const NEW: Calendar = {
  name: "",
  version: 0,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  hours: {},
  holidays: [],
  author: "",
  note: "",
  created_at: null,
};

/** When people work: what targets and curves count by. */
export function CalendarsTab() {
  const may = useMay();
  const query = useQuery(calendarsQuery);
  const [edited, setEdited] = useState<Calendar | null>(null);
  const canWrite = may("rules:write");
  return (
    <>
      <div className={frame.bar}>
        <p className={classes.about}>
          Targets and curves that name a calendar count its working hours instead of all hours. A change counts from the
          moment it is saved; what is past is explained by the calendar of then.
          {!canWrite && " Only an admin can change them."}
        </p>
        {canWrite && (
          <Button variant="default" onClick={() => setEdited(NEW)}>
            New calendar…
          </Button>
        )}
      </div>
      <Loaded query={query} waiting={<RowSkeletons rows={2} height={220} />}>
        {({ items }) => (
          <>
            <div className={classes.cards}>
              {items.map((calendar) => (
                <CalendarCard
                  key={calendar.name}
                  calendar={calendar}
                  onEdit={canWrite ? () => setEdited(calendar) : null}
                />
              ))}
            </div>
            {edited && <CalendarDialog calendar={edited} known={items} onClose={() => setEdited(null)} />}
          </>
        )}
      </Loaded>
    </>
  );
}
