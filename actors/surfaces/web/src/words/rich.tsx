// A sentence with parts that are more than words: a link, something bold.
import { Fragment } from "preact";
import type { ComponentChildren } from "preact";
import { t } from "./language";
import type { Key } from "./language";

export function T({ of, n, ...parts }: { of: Key; n?: number } & Record<string, ComponentChildren>) {
  // `{who}` stays where a part is not a plain word, and is put in here.
  const text = t(of, n === undefined ? {} : { n });
  return <>{text.split(/(\{\w+\})/).map((piece, at) => <Fragment key={at}>{parts[piece.slice(1, -1)] ?? piece}</Fragment>)}</>;
}
