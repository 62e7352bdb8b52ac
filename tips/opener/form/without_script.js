// Before the form without script: whoever has script is led to the form that seals in the browser.
// Not who comes from there: that page says when the browser cannot seal, and leads here.
import "./quick_exit.js";

const sealing = new URL("../", location.href).href;

if (document.referrer.split(/[?#]/)[0] !== sealing) location.replace(sealing);
