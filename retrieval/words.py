"""Word lists: what says nothing about a subject, what every passage shares, what names the whole field."""

from __future__ import annotations

STOP_WORDS = frozenset(
    """
    a able about above abt actual actually after afternoon again ah aint aiya all already also always am an and any
    anybody anyone anything approx ard are arent as asap ask asked asks asst at bcos bcz be because been before
    being below between bk both btw but by can cannot cant cld come comes cos could couldnt coz cuz dat dear dept
    did didnt dis dl do does doesnt doing done dont down dunno during each eh either else esp etc even evening ever
    every everyone everything excl few for frm from further fyi get gets getting gimme give given gives go going
    gonna got gotta had hadnt has hasnt have havent having he hello help her here heres hers hes hey hi him his hmm
    hor how however hows hr hrs hv hvnt i id if ill im imo in incl info into is isnt it its itself just kind know
    lah let lets liao like ll lol look looking madam made make makes many may maybe me mgmt might min mins more
    morning most msg mth mths much must my myself need needs neither never no nor not nothing now of off oh ok okay
    on once one only or other our ours ourselves out over own per pers pl please pls plz ppl put quite r rather re
    really regards same say says see shall shd she shes should shouldnt sia sir so some someone something sort still
    stuff such sys tbh tdy tell than thank thanks that thats the their theirs them themselves then there theres
    these they theyre theyve thing things this tho those though through thru ths thx tmr to too two u under until up
    upon ur us use used uses using ve ver very via vs wanna want wanted wants was wasnt wat way we well were werent
    weve what whats when where wheres whether which while who whom whos whose why will with within without wk wks
    wld wont would wouldnt wud yes yet you your youre yours yourself youve yr yrs
    """.split()
)
"""Function words and chat: they say nothing about the subject."""

MUTED_WORDS = frozenset(
    """
    accept add advise afraid ago agree ai ais alibaba aliyun allow alone along amount announce answer answers anyway
    appear apply around arrange arrive asking ate attempt authorized aware away bad basically became become began
    begin begun behind believe best better big bit boss bother bought bring broke broken bronze brought built busy
    buy call came carry case catch caught cause certain chance chapter check choose chose chosen claim clarify
    clause clear client close colleague collect common company compare complete concern concerning confirm consider
    continue correct couple course cover covered covers create csp current currently customer data day deal decide
    deep definitely depend describe detail details difference different difficult direct discuss discussed
    discussion doc docs double doubt drawn drew driven drove due duties duty early easy eaten effect elaborate end
    enough ensure ensures enter entire eventually everyday evidence exact exactly example exist expect explain extra
    fact fair fall fallen far feel fell felt figure fill final find fine finish firm fit fix flew folks follow
    forgot forgotten form forward found free front full fully gave generally glad goes gold gone good great grew
    grown guess guidance guide guideline guy guys hand handle handled handles hang happen happened happens happy
    hard head hear heard heavy held helpful hid high hit hk hkia hold hope huge hurt ia idea imagine important
    include indeed information instead insurer intend interested involve issues item job join keep kept kit knew
    known laid large last late later lay lead learn least leave led left legit lent less level light likely line
    list lit little live local long lose lot lots low main mainly major marketplace mean meant meet mention mentions
    met middle mine minor miss name nature near nearly necessary new next nice nobody normal normally note number
    obligation obligations obtain obvious obviously occur odd offer offered offers office often old open original
    otherwise outline outside overall page pages paid paper paragraph particular parties party pass past people
    perhaps person pick piece place play plus point poor possible possibly prefer prepare present pretty previous
    probably proof proper properly prove provide provided provider provides pull purpose push question questions
    quick quickly raise ran rang reach read ready real realise realize reason recent recently refer regarding
    regulation regulator regulatory relate related relevant remain remember remind reply require required
    requirement respect responsibilities responsibility responsible rest result return rode room rose rough roughly
    run said sang sat saw saying section seem seen send sense sent sentence separate serious service services set
    several short shout show side silver similar simple simply single sit situation size slept slid slow small sold
    solid somebody somehow somewhere soon sorry sound speak special specific specify spend spent spoke spoken spot
    stage stand start state stated states stay step stick stood stop straight strange string strings strong struggle
    stuck subject suggest suit summarise summarize supplier suppose sure surely swam swap sweet system systems talk
    task taught team term thinking thought threw throw thrown till time tiny today together told tomorrow tonight
    took tool tools top total totally touch treat trouble true truly try trying turn type typical typically
    understand understood unless unlikely upset useful usual usually various view wait walk watch wear week weekend
    went whatever whenever wherever whole willing wish won wonder wondering word wore worn worry worse worst worth
    written wrong wrote year yesterday young
    """.split()
)
"""Words of the question itself, of everyday talk and of the setting: they name no subject, so they weigh little."""

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
