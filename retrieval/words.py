"""Word lists: what says nothing about a subject, what every passage shares, what names the whole field."""

from __future__ import annotations

STOP_WORDS = frozenset(
    """
    a able about above actual actually after again all already also always am an and any anybody anyone anything are
    as ask asked asks at be because been before being below between both but by can come comes could did do does
    doing done dont down during each either else etc even ever every everyone everything few for from further get
    gets getting give given gives go going gonna got had has have having he hello help her here hers hey hi him his
    how however hv i id if ill im in into is isnt it its itself just kind know lah let like ll look looking made
    make makes many may maybe me might more most much must my myself need needs neither never no nor not nothing now
    of off ok okay on once one only or other our ours ourselves out over own per pl please pls plz put quite r
    rather re really same say says see shall she should so some someone something sort still stuff such tell than
    thank thanks that thats the their theirs them themselves then there these they thing things this tho those
    though through thru thx to too two u under until up upon ur us use used uses using ve very via wanna want wanted
    wants was way we well were what whats when where whether which while who whom whose why will with within without
    wont would yes yet you your yours yourself
    """.split()
)
"""Function words and chat: they say nothing about the subject."""

MUTED_WORDS = frozenset(
    """
    ai ais alibaba aliyun answer answers authorized check clause client cloud company compare concerning confirm
    cover covered covers csp customer data deal describe detail details difference duties duty ensure ensures
    explain firm guidance guide guideline handle handled handles happen happened happens hk hkia hong ia information
    insurance insurer issue issues kong list long mention mentions obligation obligations offer offered offers often
    page parties party people person provide provided provider provides question questions regarding regulation
    regulator regulatory related relevant require required requirement respect responsibilities responsibility
    responsible section service services show side specific state stated states summarise summarize summary supplier
    system systems team term vendor
    """.split()
)
"""Words of the question itself and of the setting: true of every passage, so they weigh little."""

GENERAL_WORDS = frozenset(
    """
    agreement audit basic cloud compliance compliant comply contract control controls digital document documents
    general govern governance hong insurance internet issue it kong law legal manage management matter measure
    measures online overview policies policy privacy private problem procedure procedures process protect protection
    review risk rule rules safe safety secure security standard standards summary tech technology topic vendor work
    working works
    """.split()
)
"""Words that name the whole field: a question of nothing else is about no clause in particular."""
