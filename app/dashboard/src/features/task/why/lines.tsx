import { Link } from "@tanstack/react-router";
import { count, term } from "@/shared/ui/numbers";
import { seen, webAddress } from "@/shared/ui/outside";
import { useFrame } from "../frame";
import type { Contribution } from "../queries";
import classes from "./lines.module.css";
import { inOrder } from "./sum";

const SOURCES: Record<NonNullable<Contribution["source"]>, string> = {
  item: "from a message",
  person: "set here by a person",
  integration: "told by its source",
  derived: "worked out from the conversation",
  llm: "proposed by a language model",
};

/** The task that a line comes from, where another task gives it. */
export function givenBy(rule: string): number | null {
  const found = /^(?:waits|above):(\d+)$/.exec(rule);
  return found ? Number(found[1]) : null;
}

/** What sort of line it is, where it is no rule's own points. */
function kindOf({ rule, points }: Contribution): string | null {
  if (rule.startsWith("group:")) return "limit of a group";
  if (/^(?:waits|above):/.test(rule)) return "from another task";
  return points === 0 ? "changes the place, not the points" : null;
}

/** Long quotes are shown whole in the conversation. */
const said = (line: Contribution) => !line.quote || line.because.includes(line.quote);

function Origin({ line }: { line: Contribution }) {
  const { look, onOpen } = useFrame();
  const { item } = line;
  const other = givenBy(line.rule);
  const there = webAddress(line.link);
  return (
    <p className={classes.origin}>
      {[kindOf(line), line.source && SOURCES[line.source]].filter(Boolean).join(", ")}
      {line.fact && <code title="The fact that the rule looks at">{line.fact}</code>}
      {item !== null && (
        <button
          type="button"
          onClick={() => look(item, line.rule)}
          aria-label={`Show in the conversation: ${line.title}`}
        >
          Show in the conversation
        </button>
      )}
      {other !== null && (
        <button type="button" onClick={() => onOpen(other)}>
          Open task {other}
        </button>
      )}
      {there && (
        <a href={there} target="_blank" rel="noreferrer" aria-label={`At its source: ${line.title}`}>
          At its source
        </a>
      )}
    </p>
  );
}

/** Every line of the sum, and the sum. */
export function Lines({
  lines,
  points,
  held,
  lit,
  onLight,
  idOf,
}: {
  lines: readonly Contribution[];
  points: number;
  held: string | null;
  lit: string | null;
  onLight: (rule: string | null) => void;
  idOf: (rule: string) => string;
}) {
  return (
    <>
      <ol className={classes.lines} aria-label="The lines of the sum">
        {inOrder(lines).map((line) => (
          <li
            key={line.rule}
            id={idOf(line.rule)}
            data-rule={line.rule}
            data-lit={line.rule === lit || undefined}
            tabIndex={-1}
            onPointerEnter={() => onLight(line.rule)}
            onPointerLeave={() => onLight(null)}
          >
            <span className={classes.points} data-back={line.points < 0 || undefined}>
              {line.points === 0 ? "0" : term(line.points)}
            </span>
            <div className={classes.what}>
              <p className={classes.because} dir="auto">
                {seen(line.because)}
              </p>
              {!said(line) && (
                <blockquote className={classes.quote} dir="auto">
                  {seen(line.quote ?? "")}
                </blockquote>
              )}
              <Origin line={line} />
            </div>
          </li>
        ))}
      </ol>
      <p className={classes.total}>
        <span className={classes.points}>{count(points)}</span>
        <span>
          {points === 1 ? "point" : "points"} in all.
          {held && <span className={classes.soft}> {held}</span>}
        </span>
      </p>
    </>
  );
}

/** Where it is said which rules did this. */
export function Ruleset({ name, version }: { name: string; version: number }) {
  return (
    <>
      by the ruleset{" "}
      <Link to="/rules/{-$tab}">
        {name}, version {version}
      </Link>
    </>
  );
}
