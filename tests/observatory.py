"""What the MDN HTTP Observatory (mdn/mdn-http-observatory, 2026-08) gives an answer, by its rules.

Left out is what needs the world outside: the list of preloaded names (5 points more), certificates.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import SimpleCookie

_ENOUGH_FOR_BONUS = 90
_HALF_A_YEAR = 15_552_000
_TOO_BROAD = {"*", "ftp:", "http:", "https:", "http://*", "https://*", "http://*.*", "https://*.*"}
_INLINE = {"'unsafe-inline'", "data:"}
_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_SUMS = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")


@dataclass(frozen=True)
class Seen:
    """A page by https, and where the same address leads by http."""

    headers: list[tuple[str, str]]
    html: str
    redirected_to: str

    def header(self, name: str) -> str:
        """All headers of the name, as one."""
        return ", ".join(value for each, value in self.headers if each.lower() == name.lower())


def points(seen: Seen) -> dict[str, int]:
    """What each test adds to a hundred, or takes from it."""
    return {
        "policy": _policy(_directives(seen)),
        "cookies": _cookies(seen),
        "cors": -50 if seen.header("Access-Control-Allow-Credentials") else 0,
        "frames": _frames(seen),
        "type": 0 if seen.header("X-Content-Type-Options") == "nosniff" else -5,
        "referrer": 5 if seen.header("Referrer-Policy") in _PRIVATE else -5,
        "resource": 10
        if seen.header("Cross-Origin-Resource-Policy") in ("same-origin", "same-site")
        else 0,
        "hsts": _hsts(seen.header("Strict-Transport-Security")),
        "scripts": _scripts(seen.html),
        "redirection": 0 if seen.redirected_to.startswith("https://") else -20,
    }


def score(seen: Seen) -> int:
    """The sum; what is better than asked for counts only where little is wrong."""
    given = points(seen).values()
    without_bonus = 100 + sum(each for each in given if each < 0)
    if without_bonus < _ENOUGH_FOR_BONUS:
        return max(without_bonus, 0)
    return 100 + sum(given)


def _directives(seen: Seen) -> dict[str, set[str]]:
    # A comma ends a policy: nginx adds one of its own, and django-csp's directives come in any order.
    words = [each.split() for each in re.split("[;,]", seen.header("Content-Security-Policy"))]
    return {name.lower(): set(sources) for name, *sources in filter(None, words)}


def _sources(policy: dict[str, set[str]], name: str) -> set[str]:
    sources = policy.get(name, policy.get("default-src", {"*"}))
    has_sums = any(each.startswith(_SUMS) for each in sources)
    return sources - {"'unsafe-inline'"} if has_sums else sources


def _policy(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    script, style, objects = (
        _sources(policy, f"{name}-src") for name in ("script", "style", "object")
    )
    if script & (_TOO_BROAD | _INLINE) or objects & _TOO_BROAD or _from_http(policy.values()):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (_TOO_BROAD | _INLINE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _from_http(all_sources: Iterable[set[str]]) -> bool:
    return any(each.startswith(("http:", "ftp:")) for sources in all_sources for each in sources)


def _frames(seen: Seen) -> int:
    ancestors = _directives(seen).get("frame-ancestors", {"*"})
    is_kept_out = not ancestors & _TOO_BROAD
    return 5 if is_kept_out or seen.header("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def _hsts(header: str) -> int:
    seconds = re.search(r"max-age=(\d+)", header)
    if not seconds:
        return -20
    return 0 if int(seconds[1]) >= _HALF_A_YEAR else -10


def _cookies(seen: Seen) -> int:
    given = []
    for name, value in seen.headers:
        if name.lower() == "set-cookie":
            given += SimpleCookie(value).values()
    if any(not cookie["secure"] for cookie in given):
        return -40
    if any(not cookie["httponly"] for cookie in given if re.search("login|sess", cookie.key, re.I)):
        return -30
    if any(not cookie["samesite"] for cookie in given):
        return -20 if any("csrf" in cookie.key for cookie in given) else 0
    return 5 if given else 0


def _scripts(html: str) -> int:
    """All are from here (the policy says so), so a sum is only better than asked for."""
    scripts = re.findall(r"<script[^>]*\bsrc=[^>]*>", html)
    return 5 if any("integrity=" in each for each in scripts) else 0
