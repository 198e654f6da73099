import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hex } from "../src/bytes.ts";
import type { RosterAnswer } from "../src/roster/parse.ts";
import { attempt, saltOf } from "../src/proof-of-work/solve.ts";

/** What a test does to a request: answers it, breaks it (before or after it took effect), or lets it be. */
export type Fault = (call: string, response: ServerResponse) => "handled" | "drop" | "lose-answer" | undefined;

const NotSetUp = "Not yet set up.";

interface Upload {
  readonly parts: Map<number, Buffer>;
  committed: Buffer | null;
}

/**
 * The source's API in memory, as the protocol says it: tickets that must be paid, one upload each, other bytes under an
 * id refused, parts in any order, a commit that adds up. It keeps what it was asked, in order.
 */
export class TestServer {
  readonly calls: string[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  readonly uploads = new Map<string, Upload>();
  readonly #tickets = new Set<string>();
  answer: RosterAnswer | null = null;
  deadDrops: { day: string; shardBits: number; shards: Buffer[] }[] = [];
  difficulty = 4;
  fault: Fault = () => undefined;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve()));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get reports(): Buffer[] {
    return [...this.uploads.values()].flatMap(({ committed }) => committed ?? []);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${request.url}`;
    this.calls.push(call);
    this.headers.push(request.headers);
    const body = await new Promise<Buffer>((resolve) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => resolve(Buffer.concat(parts)));
      request.on("close", () => resolve(Buffer.concat(parts)));
    });
    const fault = this.fault(call, response);
    if (fault === "handled") return;
    if (fault === "drop") return void request.socket.destroy();
    const { status, content } = await this.#handle(request, body);
    if (fault === "lose-answer") return void request.socket.destroy();
    if (status >= 400) return void refuse(response, status, content as string);
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(content instanceof Buffer ? content : content === undefined ? undefined : JSON.stringify(content));
  }

  async #handle(request: IncomingMessage, body: Buffer): Promise<{ status: number; content?: unknown }> {
    const path = request.url!.split("/").slice(3);
    if (path[0] === "roster") return this.answer === null ? { status: 503, content: NotSetUp } : { status: 200, content: this.answer };
    if (path[0] === "ticket") return { status: 200, content: this.#ticket() };
    if (path[0] === "dead-drops" && path.length === 1) return { status: 200, content: this.#index() };
    if (path[0] === "dead-drops") {
      return { status: 200, content: this.deadDrops.find(({ day }) => day === path[1])!.shards[Number(path[2])]! };
    }
    const [, id, what, number] = path;
    if (request.method === "GET") return { status: 200, content: { parts: [...(this.uploads.get(id!)?.parts.keys() ?? [])] } };
    const block = what === "parts" ? Math.floor(Number(number) / 64) : 0;
    if (!(await this.#isPaid(request.headers["ticket"] as string, id!, block))) return { status: 403, content: "The ticket is not good." };
    const upload = this.uploads.get(id!) ?? { parts: new Map(), committed: null };
    this.uploads.set(id!, upload);
    if (what === "parts") {
      const known = upload.parts.get(Number(number));
      if (known !== undefined && !known.equals(body)) return { status: 409, content: "Other bytes are there." };
      upload.parts.set(Number(number), body);
      return { status: 204 };
    }
    const whole = what === "commit" ? join(upload, JSON.parse(body.toString())) : body;
    if (whole === null) return { status: 400, content: "The parts do not add up." };
    if (upload.committed !== null && !upload.committed.equals(whole)) return { status: 409, content: "Other bytes are there." };
    upload.committed = whole;
    return { status: 204 };
  }

  #ticket(): { ticket: string; difficulty: number } {
    const ticket = hex(crypto.getRandomValues(new Uint8Array(24)));
    this.#tickets.add(ticket);
    return { ticket, difficulty: this.difficulty };
  }

  #index(): unknown {
    return this.deadDrops.map(({ day, shardBits, shards }) => ({ day, shardBits, bytes: shards.map(({ length }) => length) }));
  }

  /** The day key is gone: no ticket that was given is good any more. */
  forgetTickets(): void {
    this.#tickets.clear();
  }

  async #isPaid(value: string, id: string, block: number): Promise<boolean> {
    const [ticket, nonce] = value.split(".");
    if (!this.#tickets.has(ticket!) || !/^([0-9a-f]{2}){1,16}$/.test(nonce ?? "")) return false;
    if (createHash("sha256").update(ticket!).digest("hex").slice(0, 32) !== id) return false;
    return (await attempt(value, saltOf(id, block))) >= this.difficulty;
  }
}

function join({ parts }: Upload, said: { parts: number; bytes: number }): Buffer | null {
  const all = Array.from({ length: said.parts }, (_, index) => parts.get(index));
  if (parts.size !== said.parts || all.some((part) => part === undefined)) return null;
  if (all.slice(0, -1).some((part) => part!.length !== 2 ** 20)) return null;
  const whole = Buffer.concat(all as Buffer[]);
  return whole.length === said.bytes ? whole : null;
}

export function refuse(response: ServerResponse, status: number, title: string, headers: Record<string, string> = {}): "handled" {
  response.writeHead(status, { "Content-Type": "application/problem+json", ...headers });
  response.end(JSON.stringify({ ...(title === NotSetUp && { type: "urn:securedrop:not-set-up" }), title, status }));
  return "handled";
}
