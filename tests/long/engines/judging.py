"""What the engines find in the page that a browser shows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from playwright.sync_api import Page

from . import fetched
from .false_faults import is_false


@dataclass(frozen=True)
class Fault:
    engine: str
    rule: str
    place: str
    html: str
    why: str


@dataclass(frozen=True)
class Engine:
    """A program that is put into a page under a name, and the call there that answers with the faults."""

    name: str
    program: Callable[[], str]
    in_page: str
    call: str


ENGINES = (
    Engine(
        "axe-core",
        cache(fetched.axe),
        "axe",
        """async () => (await axe.run(document)).violations.flatMap((rule) => rule.nodes.map((node) => (
            {rule: rule.id, place: String(node.target), html: node.html, why: rule.help})))""",
    ),
    Engine(
        "IBM Equal Access",
        cache(fetched.ibm),
        "ace",
        """async () => (await new ace.Checker().check(document, ["WCAG_2_2"])).results
            .filter((result) => result.value[0] === "VIOLATION" && result.value[1] === "FAIL")
            .map((result) => ({rule: result.ruleId, place: result.path.dom, html: result.snippet,
                why: result.message}))""",
    ),
    Engine(
        "HTML_CodeSniffer",
        cache(fetched.html_codesniffer),
        "HTMLCS",
        """() => new Promise((tell, fail) => HTMLCS.process("WCAG2AA", document, () => tell(
            HTMLCS.getMessages().filter((each) => each.type === HTMLCS.ERROR).map((each) => (
                {rule: each.code, place: each.element.nodeName, html: each.element.outerHTML ?? "",
                why: each.msg}))), fail))""",
    ),
    Engine("Alfa", cache(fetched.alfa), "alfa", "() => alfa()"),
)


def faults_in(page: Page) -> list[Fault]:
    """What each engine finds in the page as it stands, but for what is known to be no fault."""
    found = []
    for engine in ENGINES:
        if page.evaluate(f"typeof {engine.in_page}") == "undefined":
            page.evaluate(f"{engine.program()}\n;0")
        for row in page.evaluate(engine.call):
            if not is_false(engine.name, row["rule"], row["html"]):
                row["html"] = row["html"][:200]
                found.append(Fault(engine.name, **row))
    return found
