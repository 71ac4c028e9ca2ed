import { NativeSelect } from "@mantine/core";
import { seen } from "@/shared/ui/outside";
import { ambiguousDate, bothDays, zonelessDate, type Corrections, type Preview } from "./columns";
import classes from "./mapping.module.css";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set([HERE, ...Intl.supportedValuesOf("timeZone")])].filter((zone) => zone !== "UTC");

/** What is asked about dates; only where it makes a difference. */
export function DateQuestions({
  preview,
  said,
  onChange,
}: {
  preview: Preview;
  said: Corrections;
  onChange: (said: Corrections) => void;
}) {
  const either = ambiguousDate(preview);
  const zoneless = zonelessDate(preview);
  if (either === undefined && zoneless === undefined) return null;
  return (
    <div className={classes.dates}>
      {either !== undefined && (
        <NativeSelect
          label={`«${seen(either)}» means`}
          value={said.dayFirst === null ? "" : String(said.dayFirst)}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...said, dayFirst: value === "" ? null : value === "true" })
          }
          data={[
            { value: "", label: "Judge by the other dates" },
            { value: "true", label: `${bothDays(either).dayFirst} (day first)` },
            { value: "false", label: `${bothDays(either).monthFirst} (month first)` },
          ]}
        />
      )}
      {zoneless !== undefined && (
        <NativeSelect
          label={`Days and times such as «${seen(zoneless)}» are meant in`}
          value={said.zone}
          onChange={({ currentTarget: { value } }) => onChange({ ...said, zone: value })}
          data={[
            { value: "", label: "UTC, unless you said otherwise before" },
            ...ZONES.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
          ]}
        />
      )}
    </div>
  );
}
