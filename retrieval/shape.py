"""What kind of answer a question asks for, and which party it asks about. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.models import Owner
from retrieval.deeds import DEEDS, read_deeds
from retrieval.reference import blank_references, parse_references


class Asks(StrEnum):
    """What the first words of an answer should be."""

    WHO = "who"
    PAGE = "page"
    WHEN = "when"
    NUMBER = "number"
    YES_NO = "yes_no"
    LIST = "list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a question asks for, the one party whose doing it asks about, and whether it demands a promise.

    ``actor`` is None where the question names neither side as the one who does, or both. ``offered`` says that it
    asks for what can be had ("what tools do they offer"), not for who has to. ``negated`` says that
    the question itself holds a "not", so that a plain "No" would be unclear. ``demand`` says that it asks
    Clausebot to ignore the guide, confirm, promise or guarantee. ``deed`` is what a yes-or-no question asks the
    provider's doing of, straight after naming it, ``deeds`` what it asks anybody's doing of: keys of `DEEDS`.
    ``obliged`` says that it asks what the customer has to do.
    """

    asks: Asks
    actor: Owner | None
    offered: bool
    negated: bool
    demand: bool
    deed: str | None = None
    deeds: tuple[str, ...] = ()
    obliged: bool = False

    @property
    def is_precise(self) -> bool:
        """Whether single duties can be told to say just what is asked for."""
        return self.asks is Asks.NUMBER or bool(self.deeds)


# Patterns are compiled when a question first needs them: a cold start is felt in the terminal.
_WHO = (
    r"\b(?:who(?:se|m)?|which (?:party|side)|whos|responsib\w+|ownership|owner|split|on (?:us|them)|us or them|"
    r"them or us|our job|their job|our duty|their duty)\b|邊個|边个|誰|谁|責任|责任|負責|负责|邊方|哪方"
)
_PAGE = (
    r"\b(?:which|what|whats|on) (?:is the )?pages?\b|\bpage (?:number|no|ref)|\bpages?\?|"
    r"第幾頁|邊頁|邊一頁|哪一頁|幾多頁"
)
_WHEN = (
    r"\b(?:how (?:often|frequent\w*|long|soon|fast|quick\w*|many times|regular\w*|early|much notice)|"
    r"when (?:do|does|did|is|are|was|will|must|should|can|shall)|(?:^|and |by |since )when\b|frequency|"
    r"every (?:year|month)|yearly|annual\w*|deadline|interval)\b|幾耐|幾時|多久|何時|几时|每年|每半年|幾密|幾多次|提早"
)
_NUMBER = (
    r"\b(?:how many(?! times)|how much (?:is|are|was|for|per|of|money|data|storage)|"
    r"number of|what (?:number|percentage|percent|share|amount)|headcount)\b|"
    r"幾多(?!次|頁|耐)|多少(?!次|頁)|幾個|百分之"
)
_YES_NO = (
    r"^(?:so |and |but |hi |hello |hey |pls |please |just )*(?:do|does|did|is|are|was|were|has|have|had|can|could|will|"
    r"would|should|shall|must|may|isnt|arent|doesnt|dont|wont|hv)\b|"
    r"\b(?:right|correct|yes|yeah|true|or not|is that so)\s*\??$|"
    r"係咪|是否|有冇|有沒有|有無|使唔使|需唔需要|需不需要|會唔會|會不會|可唔可以|可不可以|得唔得|嗎"
)
_LIST = r"\b(?:list|all (?:the )?(?:clauses|factors|duties|points|certs?|certificates|certifications))\b|列出|全部|所有"
_DEMAND = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:guide|instructions?|rules?|above|previous|prompt|sources?)\b|"
    r"\b(?:just |please |pls |you )?(?:confirm|guarantee|promise|certify|assure|swear|vouch|sign off)\b.{0,60}"
    r"\b(?:that|we|i|us|me|is|are|complian\w+|comply|compliant|approved?)\b|\bpretend\b|\bact as\b|\byou are now\b|"
    r"(?:忽略|唔好理|不要理會|無視).{0,12}(?:指南|規則|指示)|(?:保證|擔保|確認|確保).{0,10}(?:合規|符合|冇問題|沒問題)"
)
_OFFERED = (
    r"\b(?:offers?|offering|provides?|tools?|facilit\w+|features?|products?|options?|kit|available|sell|"
    r"support us|certif\w+|certs?|attest\w+|accredit\w+|reports?)\b|"
    r"提供|工具|產品|方案|選項|認證|證書|報告|有咩(?:服務|功能|嘢)|service"
)
_NEGATED = r"\b(?:not|no|never|none|cannot|cant|dont|doesnt|isnt|wont|without|nobody)\b|唔|不|冇|沒"
_CUSTOMER = (
    r"\b(?:we|us|ourselves|i|my (?:company|team|firm|side)|our (?:side|end|job|own|company|team|responsibility|duty)|"
    r"(?:the )?customers?|(?:the )?insurers?|authorized insurers?)\b|我哋|我們|我们|本公司|保險公司|我司|自己|"
    # Where it has to do something: "客戶資料" and "客戶要求" name no party, "啲客戶" are the insurer's clients.
    r"(?<![啲嘅的向對畀俾給幫為同知])客[戶户](?=自己|(?:應該|应该|必須|必须|仲|都|又)?(?:需要|須要|要|做)(?!求)|應該|应该|必須|必须)"
)
_PROVIDER = (
    r"\b(?:they|them|themselves|theyre|their (?:side|end|job|own|team|staff|people|engineers|employees)|"
    r"alibaba(?: cloud)?|ali|aliyun|alicloud|(?:the )?(?:cloud )?(?:vendor|provider|supplier|csp))\b|"
    r"佢哋|他們|他们|供應商|供应商|阿里雲|阿里云|阿里|雲商"
)
# What is not the doing party of a sentence: whose data, or who is done to.
_NOT_ACTING = (
    r"\b(?:our|their|its|the) (?:customers?|clients?)\b|"
    r"\b(?:tell|tells|told|telling|notif\w+|inform\w*|alert\w*|let|give|gives|send|sends|help|helps|allow\w*|"
    r"assign\w* to|for|to|from|with|by|about|of|on|at) (?:the )?(?:us|them|customers?|insurers?|we|"
    r"alibaba|ali|vendor|provider|supplier|csp)\b|通知(?:我哋|我們|佢哋)|話(?:畀|俾)?(?:我哋|佢哋)|(?:畀|俾|給|幫|陪|同|向|替|為)(?:我哋|我們|佢哋|他們)|"
    r"我哋(?:啲|嘅)|我們的|佢哋(?:啲|嘅)"
)


# Nothing but a party: "and the customer?".
_ALONE = (
    r"(?:(?:and|but|so|what about|how about|for|on|同埋|咁) ?)*(?:the )?"
    r"(?:(?P<customer>(?:authorized )?insurers?|customers?|us|客戶|保險公司)|"
    r"providers?|vendors?|suppliers?|csp|them|供應商)(?:呢|嗰邊)?\W*"
)
# What one side has to do, as a thing of its own: "our part", "the provider's duties", "which bits are on us".
_PART = r"(?: own)? (?:part|role|share|duty|duties|obligations?|responsibilit(?:y|ies)|job|tasks?|bits?)\b"
_CUSTOMERS_PART = (
    rf"\b(?:our|my|(?:customer|insurer)s?){_PART}|\bours\b|\bon us\b|\bof the (?:customer|insurer)\b|"
    r"(?:我哋|我們|我们|客戶|保險公司)(?:自己)?(?:嘅|的|有(?:咩|乜|什麼|哪些))?(?:責任|责任|部分|職責)"
)
_PROVIDERS_PART = (
    rf"\b(?:their|alibaba(?: cloud)?s?|aliyuns?|(?:provider|vendor|supplier|csp)s?){_PART}|\btheirs\b|\bon them\b|"
    r"\bof the (?:provider|vendor|supplier)\b|"
    r"(?:佢哋|他們|他们|供應商|阿里雲|阿里云)(?:自己)?(?:嘅|的|有(?:咩|乜|什麼|哪些))?(?:責任|责任|部分|職責)"
)
_OBLIGED = (
    r"\b(?:have to|has to|must|should|shall|required to|supposed to|obliged to)\b|應該|应该|必須|必须|需要|使唔使|要做"
)
_ASKED_OF_PROVIDER = (
    r"^(?:so |and |but |hi |hello |hey |pls |please )*(?:do|does|did|can|could|will|would|may|might) "
    r"(?:they|the (?:cloud )?(?:provider|vendor|csp)|alibaba(?: cloud)?|ali|aliyun) "
    r"(?:ever |still |also |just )?([a-z]+)\b"
)


def _read_deed(folded: str) -> str | None:
    asked = re.search(_ASKED_OF_PROVIDER, folded.strip())
    return next((name for name, deed in DEEDS.items() if asked and asked[1] in deed.verbs), None)


def _read_part(folded: str) -> Owner | None:
    """The one side whose part is asked for, where the question does not ask whose it is."""
    customers, providers = re.search(_CUSTOMERS_PART, folded), re.search(_PROVIDERS_PART, folded)
    if bool(customers) == bool(providers) or re.search(rf"{_YES_NO}|\bwhos?e?\b|\bor\b|邊個|邊方|誰|定", folded):
        return None
    return Owner.CSC if customers else Owner.CSP


def read_shape(text: str) -> Shape:
    """The shape of a cleaned question, in any case, in English or Chinese."""
    folded = text.lower().replace("'", "")
    acting = re.sub(_NOT_ACTING, " ", folded)
    customer, provider = bool(re.search(_CUSTOMER, acting)), bool(re.search(_PROVIDER, acting))
    if not customer and not provider:
        # Whose the thing is tells who does, where nobody else is named: "how often is their cloud tested".
        provider = bool(re.search(r"\btheirs?\b|佢哋(?:啲|嘅|個)", folded))
    alone = re.fullmatch(_ALONE, folded)
    if alone:
        customer, provider = bool(alone["customer"]), not alone["customer"]
    part = _read_part(folded)
    actor = part
    if customer != provider and not part and not re.search(_WHO, folded):
        actor = Owner.CSC if customer else Owner.CSP
    asks = Asks.OTHER
    for found, pattern in (
        (Asks.PAGE, _PAGE),
        (Asks.LIST, _LIST),
        (Asks.WHO, r"(?!)" if part else _WHO),
        (Asks.WHEN, _WHEN),
        (Asks.NUMBER, _NUMBER),
        (Asks.YES_NO, _YES_NO),
    ):
        if re.search(pattern, folded):
            asks = found
            break
    return Shape(
        asks,
        actor,
        bool(re.search(_OFFERED, folded)),
        bool(re.search(_NEGATED, folded)),
        bool(re.search(_DEMAND, folded)),
        _read_deed(folded),
        read_deeds(folded),
        actor is Owner.CSC and bool(part or re.search(_OBLIGED, folded)),
    )


_BACK = (
    r"^(?:and|also|but|so|then|ok|what about|how about|same for|anything else)\b|"
    r"\b(?:it|this|that|these|those|there|the same|this (?:clause|one|duty)|above)\b|"
    r"呢個|呢條|呢啲|嗰個|嗰條|咁|該條|上面|這條|這個|^佢|^同埋|^仲有|^另外|^.{1,10}呢\W*$"
)
_IT = (
    r"\b(?:it|its|the same)\b|\b(?:this|that)(?= (?:clause|one|duty|requirement|point|row)\b|\W*$)|"
    r"^(?:and |so |but )?(?:is|are|was|does|do) (?:this|that|these|those)\b|"
    r"呢個|呢條|嗰個|嗰條|該條|這條|這個|^佢(?!哋)"
)


def points_back(text: str) -> bool:
    """Whether a question points back to what was said before it: "and who tests it?"."""
    return re.search(_BACK, text.lower()) is not None


def refers_back(text: str) -> bool:
    """Whether a question is about the very thing said before: "who tests it?", not "what about exit?"."""
    return re.search(_IT, text.lower()) is not None


_ABOUT_GUIDE = (
    r"(?:^|[,.;?!] |\b(?:and|but|so|or|that|if|whether) )"
    r"(?:is|isnt|are|was|does|doesnt|can|will|would|should) (?:the|this|that|your|their) (?:user )?(?:guide|document)\b"
    r"(?! (?:say|mention|cover|speak|state|tell|address|answer|describe|discuss|explain|talk|contain|specify|specific|"
    r"give|list|name|include|clear|silent))"
    r"|(?:指南|呢份文件|這份文件)(?:係咪|係唔係|是否|是不是|算唔算|算不算|有冇法律|有沒有法律)"
)


def is_about_guide(text: str) -> bool:
    """Whether a question is about the guide itself ("is the guide a contract?"), not about what it says."""
    return re.search(_ABOUT_GUIDE, text.lower().replace("'", "")) is not None


_QUESTION = (
    r"[?!.;。？！；]+\s*"
    r"|(?:,|，|\band\b|\bn\b|&|\balso\b|\bplus\b)\s*"
    r"(?=(?:and |also )?(?:who|what|how|when|where|which|do|does|did|is|are|can|will|has|have|should|must)\b)"
    r"|，"
)


def split_questions(text: str) -> list[str]:
    """The questions in a text that asks several, where each begins anew: "who tests, and what does it cost?"."""
    return [part for part in re.split(_QUESTION, text.lower()) if part.strip()]


def split_list(text: str) -> list[str]:
    """The things that one question asks about: "company culture and roadmap"."""
    return [part for part in re.split(r"[,/&+，、]|\band\b|\bn\b|\bor\b|同埋|及|和", text.lower()) if part.strip()]


def is_question(text: str) -> bool:
    """Whether a message asks something: by its mark, by its words, or as a reference with little beside it."""
    if "?" in text or "？" in text or read_shape(text).asks is not Asks.OTHER:
        return True
    references = parse_references(text)
    return bool(references) and len(blank_references(text, references).split()) <= 2
