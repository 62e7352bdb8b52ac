// A text as a QR code, drawn here: nobody else sees it.
import { encode } from "uqr";
import { h } from "./page_parts/dom.js";

const DOT = 5;
const EDGE = 4;

export function qrCode(text, description) {
  const { data, size } = encode(text, { border: EDGE });
  const side = size * DOT;
  const canvas = h("canvas", {
    class: "desk-qr",
    width: side,
    height: side,
    role: "img",
    "aria-label": description,
  });
  const drawing = canvas.getContext("2d");
  // Dark on light in both schemes: many apps read nothing else.
  drawing.fillStyle = "#ffffff";
  drawing.fillRect(0, 0, side, side);
  drawing.fillStyle = "#000000";
  data.forEach((row, y) =>
    row.forEach((isDark, x) => isDark && drawing.fillRect(x * DOT, y * DOT, DOT, DOT)),
  );
  return canvas;
}
