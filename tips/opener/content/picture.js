// A stranger's picture is decoded in a frame that has nothing, never in the document with the key.
import { h } from "../page_parts/dom.js";
import frameDocument from "./picture_frame.html";

const LONGEST_SIDE = 2048;
const PATIENCE_MS = 20_000;

/**
 * The picture as pixels on a canvas; null where it is none. The frame may have been taken over by
 * what it decoded: nothing that it answers is read but numbers, and pixels of the size they say.
 */
export async function pictureOf(content, type, words, beside) {
  const frame = h("iframe", { sandbox: "allow-scripts", hidden: true, "aria-hidden": "true" });
  const address = URL.createObjectURL(new Blob([frameDocument], { type: "text/html" }));
  try {
    const hasLoaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    frame.src = address;
    beside.after(frame);
    await Promise.race([hasLoaded, late()]);
    return drawn(await Promise.race([decoded(frame, content, type), late()]), words);
  } finally {
    URL.revokeObjectURL(address);
    frame.remove();
  }
}

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));

function decoded(frame, content, type) {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const answer = new Promise((resolve) => {
    ours.onmessage = ({ data }) => {
      ours.close();
      resolve(data);
    };
  });
  const { buffer: octets } = content.slice();
  // The frame has no origin that could be named.
  frame.contentWindow?.postMessage({ octets, type, longest: LONGEST_SIDE }, "*", [octets, theirs]);
  return answer;
}

function drawn(answer, words) {
  const { width, height, pixels } = answer ?? {};
  const isSide = (side) => Number.isInteger(side) && side > 0 && side <= LONGEST_SIDE;
  const isWhole = isSide(width) && isSide(height) && pixels instanceof ArrayBuffer;
  if (!isWhole || pixels.byteLength !== width * height * 4) return null;
  const canvas = h("canvas", { width, height, role: "img", "aria-label": words });
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels), width), 0, 0);
  return canvas;
}
