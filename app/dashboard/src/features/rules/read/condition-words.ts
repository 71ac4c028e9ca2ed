/** A piece of a condition in words: a fact stands by itself, so that its meaning can be shown beside it. */
export type Piece = { text: string } | { fact: string };

const TOKENS = /\s*(&&|\|\||[!=<>]=|[()<>!,]|'[^'\\]*'|"[^"\\]*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)/y;
const NAME = /^[A-Za-z_]\w*$/;
const LITERAL = /^(?:'.*'|".*"|-?\d.*)$/;
const COMPARISONS: Record<string, string> = {
  "==": "is",
  "!=": "is not",
  ">=": "is at least",
  "<=": "is at most",
  ">": "is above",
  "<": "is below",
};
const RESERVED = new Set(["in", "true", "false", "null"]);

/**
 * A condition in words; null where it says more than words are known for: then it is read as it is written.
 *
 * Words are known for facts compared with values, lists and what is known of them, joined by and, or, not.
 */
export function inWords(condition: string): Piece[] | null {
  const tokens = tokensOf(condition);
  if (!tokens) return null;
  const reader = new Reader(tokens);
  try {
    const pieces = reader.either();
    return reader.isAtEnd() ? joined(pieces) : null;
  } catch (error) {
    if (error instanceof Unspeakable) return null;
    throw error;
  }
}

class Unspeakable extends Error {}

function tokensOf(condition: string): string[] | null {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  const end = condition.trimEnd().length;
  while (TOKENS.lastIndex < end) {
    const found = TOKENS.exec(condition);
    if (!found?.[1]) return null;
    tokens.push(found[1]);
  }
  return tokens.length ? tokens : null;
}

const plain = (text: string): Piece => ({ text });

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  isAtEnd = () => this.at >= this.tokens.length;

  either = (): Piece[] => this.series("||", " or ", this.both);

  private readonly both = (): Piece[] => this.series("&&", " and ", this.negated);

  private series(sign: string, word: string, one: () => Piece[]): Piece[] {
    const pieces = one();
    while (this.take(sign)) pieces.push(plain(word), ...one());
    return pieces;
  }

  private readonly negated = (): Piece[] => {
    if (!this.take("!")) return this.comparison(false);
    if (!this.take("(")) return this.comparison(true);
    if (LITERAL.test(this.peek())) {
      const pieces = this.comparison(true);
      this.need(")");
      return pieces;
    }
    const pieces = this.either();
    this.need(")");
    return [plain("not ("), ...pieces, plain(")")];
  };

  private comparison(no: boolean): Piece[] {
    if (!no && this.take("(")) {
      const pieces = this.either();
      this.need(")");
      return [plain("("), ...pieces, plain(")")];
    }
    if (LITERAL.test(this.peek())) return this.membership(no);
    const size = this.peek() === "size" && this.tokens[this.at + 1] === "(";
    if (size) this.at += 2;
    const fact = this.name();
    if (size) this.need(")");
    const pieces = size ? [plain("the number of "), { fact }] : [{ fact }];
    const comparison = COMPARISONS[this.peek()];
    if (!comparison) {
      if (size) throw new Unspeakable();
      return no ? [plain("not "), ...pieces] : pieces;
    }
    if (no) throw new Unspeakable();
    this.at += 1;
    const value = this.literal();
    return [...pieces, plain(` ${comparison} ${value}`)];
  }

  /** `'due_at' in known`: that a fact is known at all; `'billing' in labels`: that a list has it. */
  private membership(no: boolean): Piece[] {
    const value = this.literal();
    this.need("in");
    const list = this.name();
    if (list === "known") return [{ fact: value }, plain(no ? " is not known" : " is known")];
    return [{ fact: list }, plain(no ? ` are without ${value}` : ` have ${value}`)];
  }

  private literal(): string {
    const token = this.peek();
    if (!LITERAL.test(token)) throw new Unspeakable();
    this.at += 1;
    return token.replace(/^['"]|['"]$/g, "").replace(/^(-?\d+)\.0$/, "$1");
  }

  private name(): string {
    const token = this.peek();
    if (!NAME.test(token) || RESERVED.has(token) || this.tokens[this.at + 1] === "(") throw new Unspeakable();
    this.at += 1;
    return token;
  }

  private peek = () => this.tokens[this.at] ?? "";

  private take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at += 1;
    return true;
  }

  private need(token: string) {
    if (!this.take(token)) throw new Unspeakable();
  }
}

/** Neighbouring texts as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last && "text" in last && "text" in piece) found[found.length - 1] = { text: last.text + piece.text };
    else found.push(piece);
  }
  return found;
}
