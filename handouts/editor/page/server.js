// The requests to the server on this machine. Every answer is JSON; failures throw a ServerError.

/** A refused request: `status` is 0 if the server does not answer at all, `answer` is its JSON. */
export class ServerError extends Error {
  constructor(status, answer) {
    super(
      answer?.findings?.map((each) => [each.message, each.hint].filter(Boolean).join(" – ")).join(" ") ??
        `status ${status}`,
    );
    this.status = status;
    this.answer = answer;
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError(0, null);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ServerError(response.status, answer);
  return answer;
}

function query(values) {
  const chosen = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return new URLSearchParams(chosen).toString();
}

const send = (method, path, body) =>
  ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
const upload = (path, file) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });

export const getWords = (languages) => ask(`/api/words?${query({ languages })}`);
export const getProject = () => ask("/api/project");
export const getPages = (choice, signal) => ask(`/api/pages?${query(choice)}`, { signal });
export const getView = (choice, signal) => ask(`/api/view?${query(choice)}`, { signal });
export const getComparison = (choice) => ask(`/api/compare?${query(choice)}`);
export const getExplanation = (code) => ask(`/api/explain/${encodeURIComponent(code)}`);
export const getFile = (path) => ask(`/api/file?${query({ path })}`);
export const putFile = (path, base, text) => send("PUT", "/api/file", { path, base, text });
export const getCompletions = (path) => ask(`/api/complete?${query({ path })}`);
export const getBlocks = (path, line, audience) => ask(`/api/blocks?${query({ path, line, audience })}`);
export const postUndo = () => send("POST", "/api/undo");
export const postRedo = () => send("POST", "/api/redo");
export const getHistory = (path) => ask(`/api/history?${query({ path })}`);
export const postRestore = (path, id) => send("POST", "/api/restore", { path, id });
export const postSplit = (path, line, audience) => send("POST", "/api/split", { path, line, audience });
export const postReaders = (path, line, audiences) => send("POST", "/api/readers", { path, line, audiences });
export const getFactFiles = () => ask("/api/fact-files");
export const getFacts = (path) => ask(`/api/facts?${query({ path })}`);
export const postFact = (fact) => send("POST", "/api/facts", fact);
export const postAudience = (title) => send("POST", "/api/audience", { title });
export const postSource = (source) => send("POST", "/api/source", source);
export const postSection = (section) => send("POST", "/api/section", section);
export const postPicture = (file) => upload(`/api/picture-file?${query({ name: file.name })}`, file);
export const postRecipients = (file) => upload(`/api/recipients?${query({ name: file.name })}`, file);
export const postBuild = (order) => send("POST", "/api/build", order);
export const getJob = (job) => ask(`/api/jobs/${job}`);
export const cancelJob = (job) => send("DELETE", `/api/jobs/${job}`);
export const postFolder = (job) => send("POST", `/api/jobs/${job}/folder`);
export const postEnd = () => send("POST", "/api/end");

/** Return the address of a picture, so many pixels wide. */
export const pictureAddress = (picture, width) => `/api/picture/${encodeURIComponent(picture)}?width=${width}`;

/** Return the address from which a finished file is downloaded. */
export const downloadAddress = (file) => `/api/download?${query({ file })}`;

/** Return the address from which all files of a job are downloaded as one. */
export const archiveAddress = (job) => `/api/jobs/${job}/files.zip`;

/** Listen to the server: `listeners` by event; `lost` and `found` are called when the connection is lost and restored. */
export function listen(listeners, lost, found) {
  const source = new EventSource("/api/events");
  for (const [event, listener] of Object.entries(listeners)) {
    source.addEventListener(event, (message) => listener(JSON.parse(message.data || "{}")));
  }
  source.addEventListener("open", found);
  source.addEventListener("error", lost);
  return source;
}
