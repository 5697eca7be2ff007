// Asking the household. What goes wrong is always words for a person.
import { asked, t } from "./words";

export class Problem extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

let gone = () => {};
/** What to do when the session has ended. */
export const whenLoggedOut = (then: () => void): void => void (gone = then);

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      credentials: "same-origin",
      headers: { ...asked(), ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(40_000),
    });
  } catch {
    throw new Problem(0, t("unanswered"));
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401 && path !== "/session" && path !== "/account") gone();
  throw new Problem(answer.status, problem.detail ?? t("said", { status: answer.status }));
}

export const get = async <T>(path: string): Promise<T> => (await ask("GET", path)).json();
export const post = async <T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> =>
  (await ask("POST", path, body, headers)).json();
/** What answers with nothing. */
export const tell = async (path: string): Promise<void> => void (await ask("POST", path));
export const drop = async (path: string): Promise<void> => void (await ask("DELETE", path));

/** A page, and the path of the next one. */
export async function page<T>(path: string): Promise<[T, string | null]> {
  const answer = await ask("GET", path);
  const next = /<\/api\/v1([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "");
  return [await answer.json(), next?.[1] ?? null];
}
