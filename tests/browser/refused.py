"""What browsers refused because of a content security policy, in every page of every test."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error

_MARK = "refused by policy: "
_LISTENER = f"""
addEventListener("securitypolicyviolation", (event) => console.warn({json.dumps(_MARK)} + JSON.stringify({{
  page: location.pathname,
  directive: event.effectiveDirective,
  what: event.blockedURI,
  sample: event.sample,
  from: `${{event.sourceFile}}:${{event.lineNumber}}`,
}})));
"""


@dataclass(frozen=True)
class Refusal:
    """Something that a page wanted, and that its policy forbids."""

    page: str
    directive: str
    what: str
    sample: str
    from_where: str


class Refusals(list[Refusal]):
    """Those of one test, in the order in which they came."""

    def listen(self, context: BrowserContext) -> None:
        context.add_init_script(_LISTENER)
        context.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(_MARK):
            return
        refusal = Refusal(*json.loads(message.text.removeprefix(_MARK)).values())
        # What a test itself puts into a page, such as axe, comes from no file.
        if not refusal.from_where.startswith(":"):
            self.append(refusal)


@pytest.fixture(autouse=True)
def refusals(browser: Browser) -> Iterator[Refusals]:
    """Fails a test in whose pages a policy refused something; one that means to see it clears them."""
    refused = Refusals()
    browser.on("context", refused.listen)
    yield refused
    browser.remove_listener("context", refused.listen)
    for context in browser.contexts:
        for page in context.pages:
            try:
                page.title()  # so that what was said before this has arrived
            except Error:
                continue
    if refused:
        pytest.fail("Refused by the policy:\n" + "\n".join(map(str, dict.fromkeys(refused))))
