import type { Texts } from "../locales/index.ts";

/** Which of the reasons a person can understand stands for the check that failed. */
export function refusalReason(check: string | undefined): keyof Texts["blocked"]["refused"]["reasons"] {
  switch (check) {
    case "broken link":
      return "link";
    case "link":
    case "dropKey":
    case "successor":
      return "chain";
    case "signature":
    case "key number":
    case "purpose":
      return "signature";
    case "requires":
    case "version":
      return check;
    default:
      return "format";
  }
}
