// Alfa, made to run inside the page that it judges: alfa() answers with what failed, but for what only AAA asks.
import { Audit } from "@siteimprove/alfa-act";
import { Device } from "@siteimprove/alfa-device";
import { Native as NativeDevice } from "@siteimprove/alfa-device/native";
import { Node } from "@siteimprove/alfa-dom";
import { Native } from "@siteimprove/alfa-dom/native";
import { Request, Response } from "@siteimprove/alfa-http";
import { Rules } from "@siteimprove/alfa-rules";
import { Criterion } from "@siteimprove/alfa-wcag";
import { Page } from "@siteimprove/alfa-web";

function isAsked(rule) {
  const criteria = [...rule.requirements].filter(Criterion.isCriterion);
  return criteria.length === 0 || criteria.some((each) => [...each.level].some(([level]) => level !== "AAA"));
}

// For one rule of a kind that it does not know it leaves out the whole sheet, and then takes every colour and
// every hidden element wrongly. Nor does it know light-dark(). So it gets the sheets without either.
const UNKNOWN = ["CSSContainerRule", "CSSPropertyRule"];

function readable(rules) {
  return [...rules].map((rule) => {
    const kind = rule.constructor.name;
    if (UNKNOWN.includes(kind)) return "";
    if (kind === "CSSLayerBlockRule") return `@layer ${rule.name} {${readable(rule.cssRules)}}`;
    if (kind === "CSSMediaRule") return `@media ${rule.media.mediaText} {${readable(rule.cssRules)}}`;
    if (kind === "CSSImportRule") return readable(rule.styleSheet.cssRules);
    return rule.cssText;
  }).join("\n");
}

function inScheme(text) {
  const chosen = matchMedia("(prefers-color-scheme: dark)").matches ? 1 : 0;
  const pairs = /light-dark\(((?:[^()]|\([^()]*\))*)\)/g;
  return text.replace(pairs, (_whole, pair) => pair.split(/,(?![^(]*\))/)[chosen]);
}

function readableSheets() {
  return [...document.styleSheets].map((given) => {
    const sheet = new CSSStyleSheet({ media: given.media.mediaText });
    sheet.replaceSync(inScheme(readable(given.cssRules)));
    return sheet;
  });
}

window.alfa = async () => {
  const device = Device.from(NativeDevice.fromWindow(window));
  Object.defineProperty(document, "styleSheets", { value: readableSheets(), configurable: true });
  const read = await Native.fromNode(document).finally(() => delete document.styleSheets);
  if (read.style.some((sheet) => sheet.rules.length === 0)) throw new Error("Alfa could not read a style sheet.");
  const page = Page.of(Request.empty(), Response.empty(), Node.from(read, device), device);
  const outcomes = await Audit.of(page, [...Rules.values()].filter(isAsked)).evaluate();
  return [...outcomes].filter((outcome) => outcome.outcome === "failed").map((outcome) => {
    const { target } = outcome;
    const first = target.path ? target : [...target][0]; // some rules judge several together
    return {
      rule: outcome.rule.uri.split("/").pop(),
      place: first.path(),
      html: String(first),
      why: outcome.toJSON().expectations[0]?.[1]?.error?.message ?? "",
    };
  });
};
