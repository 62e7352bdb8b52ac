// Sends what is sealed, and nothing else: no other module knows XMLHttpRequest.
import { Sealed } from "./seal.js";

const ADDRESS = "/tipsa/formular/lamna/";
const STALLED = 120_000;
const CODES = ["token", "spent", "keyring", "form", "size", "limited", "busy", "closed"];

/** How it went: "ok", a code of the server's, or "unreachable". Nothing of an answer is shown. */
export function send(sealed, { progressed, signal }) {
  if (!(sealed instanceof Sealed)) throw new TypeError("not sealed");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED);
    };
    request.open("POST", ADDRESS);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      moved();
      progressed(loaded / total);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      resolve(codeOf(request));
    });
    signal.addEventListener("abort", () => request.abort());
    moved();
    request.send(sealed.form);
  });
}

function codeOf({ status, responseText }) {
  let answer;
  try {
    answer = JSON.parse(responseText);
  } catch {
    return "unreachable";
  }
  if (status === 201 && answer?.ok === true) return "ok";
  return CODES.includes(answer?.error) ? answer.error : "unreachable";
}
