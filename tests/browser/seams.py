"""The seams at which the form that seals may meet a fault of the browser."""

# Each a place where a browser may fail: what is called, and when.
SEAMS = [
    "crypto.subtle.digest", "crypto.subtle.importKey", "crypto.subtle.sign", "crypto.subtle.verify",
    "crypto.getRandomValues", "Blob.prototype.arrayBuffer", "window.Blob", "window.FormData",
    "FormData.prototype.append", "XMLHttpRequest.prototype.open", "XMLHttpRequest.prototype.send",
    "XMLHttpRequest.prototype.addEventListener", "TextEncoder.prototype.encode",
    "TextDecoder.prototype.decode", "JSON.stringify", "JSON.parse", "window.fetch",
    "Response.prototype.text", "window.MessageChannel", "MessagePort.prototype.postMessage",
    "performance.now", "Date.prototype.toISOString", "Date.prototype.toLocaleDateString",
    "Uint8Array.prototype.set", "Uint8Array.prototype.fill", "Uint8Array.prototype.subarray",
    "DataView.prototype.setUint32", "window.btoa", "window.setTimeout", "Array.prototype.map",
    "String.prototype.slice", "Object.entries", "Math.clz32",
]  # fmt: skip
# Makes one of them fail from loading on, or from when the page is told to.
FAIL = """
([seam, at]) => {
  window.failNow = at === "load";
  const place = seam.split(".").reduce((from, name, i, all) => i < all.length - 1 ? from[name] : from, window);
  const name = seam.split(".").at(-1);
  const own = place[name];
  const failing = function (...words) {
    if (window.failNow) throw new Error("brott vid " + seam);
    return new.target ? new own(...words) : own.apply(this, words);
  };
  failing.prototype = own.prototype;
  Object.defineProperty(place, name, { value: failing, configurable: true, writable: true });
}
"""
