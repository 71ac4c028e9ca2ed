import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { setDiagnostics, lintGutter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { useEffect, useEffectEvent, useRef, type RefObject } from "react";
import { completions, factMayFollow, type Fact } from "./completion";
import { EDITOR_THEME } from "./editor-theme";
import { placeOf, sentence, type CheckProblem, type Place } from "./problems";

/** What others can do with the text as it stands in the editor. */
export type EditorHandle = { insert: (text: string) => void; goTo: (place: Place) => void };

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.atom], color: "var(--accent)" },
  { tag: tags.propertyName, color: "var(--ink)" },
]);

/** The part of a completion's context that is looked at. */
type Completing = { state: EditorState; pos: number; explicit: boolean };

function factSource(facts: () => readonly Fact[]) {
  return ({ state, pos, explicit }: Completing) => {
    const line = state.doc.lineAt(pos);
    const before = line.text.slice(0, pos - line.from);
    const word = /\w*$/.exec(before)?.[0] ?? "";
    if (!factMayFollow(before) || (!word && !explicit)) return null;
    return { from: pos - word.length, options: completions(facts()), validFor: /^\w*$/ };
  };
}

const nonce = () => document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

function handleOf(view: EditorView): EditorHandle {
  return {
    insert: (text) => {
      view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true });
      view.focus();
    },
    goTo: ({ from, to }) => {
      const end = view.state.doc.length;
      view.dispatch({
        selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
        effects: EditorView.scrollIntoView(Math.min(from, end), { y: "center" }),
      });
      view.focus();
    },
  };
}

/** A text editor for a ruleset. The text is its own: `initial` counts only when it appears. */
export function Editor({
  initial,
  problems,
  facts,
  onChange,
  handleRef,
}: {
  initial: string;
  problems: readonly CheckProblem[];
  facts: readonly Fact[];
  onChange: (text: string) => void;
  handleRef: RefObject<EditorHandle | null>;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useEffectEvent(onChange);
  const offered = useEffectEvent(() => facts);
  const begin = useEffectEvent(() => initial);

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: begin(),
        extensions: [
          basicSetup,
          StreamLanguage.define(toml),
          syntaxHighlighting(COLOURS),
          lintGutter(),
          EDITOR_THEME,
          EditorView.lineWrapping,
          EditorView.cspNonce.of(nonce()),
          EditorView.contentAttributes.of({ "aria-label": "Text of the ruleset, in TOML", tabindex: "0" }),
          EditorState.languageData.of(() => [{ autocomplete: factSource(() => offered()) }]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    handleRef.current = handleOf(made);
    return () => {
      handleRef.current = null;
      view.current = null;
      made.destroy();
    };
  }, [handleRef]);

  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const text = current.state.doc.toString();
    const marks = problems.flatMap((problem) => {
      const found = placeOf(problem, text);
      return found ? [{ ...found, severity: "error" as const, message: sentence(problem.message) }] : [];
    });
    current.dispatch(setDiagnostics(current.state, marks));
  }, [problems]);

  return <div ref={place} />;
}
