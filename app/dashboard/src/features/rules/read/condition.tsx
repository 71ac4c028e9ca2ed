import { useQuery } from "@tanstack/react-query";
import { factsQuery } from "../queries";
import { inWords } from "./condition-words";
import classes from "./rule-row.module.css";

/** A fact by its name, with its meaning on hover and for assistive technology. */
export function FactName({ name }: { name: string }) {
  const { data } = useQuery(factsQuery);
  const meaning = data?.items.find((fact) => fact.name === name)?.meaning;
  return meaning ? (
    <abbr className={classes.fact} title={meaning}>
      {name}
    </abbr>
  ) : (
    <span className={classes.fact}>{name}</span>
  );
}

/** When a rule applies, in words where there are words for it, and as it is written where asked for. */
export function Condition({ when, asWritten }: { when: string; asWritten: boolean }) {
  const pieces = asWritten ? null : inWords(when);
  return (
    <span>
      {"when "}
      {pieces ? (
        pieces.map((piece, index) =>
          "fact" in piece ? <FactName key={index} name={piece.fact} /> : <span key={index}>{piece.text}</span>,
        )
      ) : (
        <code className={classes.code}>{when}</code>
      )}
    </span>
  );
}
