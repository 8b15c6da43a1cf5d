"""What only the source viewer says, in English and Traditional Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class ReadingPhrases:
    """One language's words of the viewer; those in braces are filled by `str.format`."""

    contents: str
    sections: str
    on_page: str
    crumbs: str
    by_link: str
    copy: str
    copied: str
    print: str
    show_place: str
    notes: str
    changes: str
    related: str
    resources: str
    ask_about: str
    beside: str
    before: str
    after: str
    source_words: str
    source_places: str
    no_source: str
    in_part: str
    requirement_column: str
    response_column: str
    to_statement: str
    sentence: str
    withheld: str
    place: str
    place_row: str
    notices: str
    clauses_here: str
    document: str
    address: str
    corpus: str
    words: str
    words_attached: str
    words_restated: str
    edition: str
    regulations: str
    matrix: str
    matrix_title: str
    downloads: str
    who_does_what: str
    absent: str
    lacks: str
    lacks_because: str
    found: str
    none_found: str
    ask_it: str
    filter: str
    everybody: str
    clause: str
    ownership: str
    more: str
    none_carried: str
    about_regulation: str
    issuer: str
    in_force: str
    revisions: str
    checked: str
    clauses_of: Mapping[str, str]
    duties: Mapping[str, str]
    other_guides: str


READING_PHRASES: Mapping[Language, ReadingPhrases] = {
    "en": ReadingPhrases(
        contents="Contents",
        sections="Sections of the guide",
        on_page="page {page}",
        crumbs="Where you are",
        by_link="This link opens this page only. To read more:",
        copy="Copy citation",
        copied="Copied",
        print="Print",
        show_place="Show where",
        notes="Notes on the guide",
        changes="Changed since the guide",
        related="Related clauses",
        resources="The guide refers to",
        ask_about="Ask about {ref}",
        beside="Before and after",
        before="Before",
        after="After",
        source_words="The guide's own words",
        source_places="Where it stands in the guide",
        no_source=(
            "The guide's text is not attached here, so its sentences are only named. Find them in your copy, on the "
            "pages given."
        ),
        in_part="Only the paragraphs that are restated here are shown.",
        requirement_column="Requirement",
        response_column="Response",
        to_statement="Sentence {number}, to what restates it",
        sentence="Sentence {number}",
        withheld="[withheld: the attached text differs here from the one that is restated]",
        place="Section {section}",
        place_row="Section {section}, row {row}",
        notices="Notices",
        clauses_here="Clauses answered in this section",
        document="Document",
        address="Page",
        corpus="Corpus",
        words="Words",
        words_attached="duties restated in plain words, beside the guide's own sentences, verified by their hashes",
        words_restated="duties restated in plain words; the guide's own text was not attached",
        edition="edition {edition}, {date}, {provider}",
        regulations="Who carries what, regulation by regulation",
        matrix="Responsibility matrix",
        matrix_title="Responsibility matrix of {regulation}",
        downloads="Download the matrix",
        who_does_what="Who does what",
        absent="Not answered by the guide",
        lacks="The guide has no response to {ref}.",
        lacks_because="The guide has no response to {ref}: {reason}.",
        found="Found for “{text}”",
        none_found="No clause is called so. It may still be answered:",
        ask_it="Ask it as a question",
        filter="Clauses in which a party has a duty",
        everybody="All clauses",
        clause="Clause",
        ownership="Who carries it",
        more="{count} more",
        none_carried="No clause names a duty of this party.",
        about_regulation="About this regulation",
        issuer="Issued by",
        in_force="In force",
        revisions="Revisions since",
        checked="looked up {date}",
        clauses_of={
            "csp_owned": "{count} provider",
            "csc_owned": "{count} customer",
            "shared": "{count} shared",
            "third_party": "{count} third party",
            "none": "{count} without a duty",
        },
        duties={
            "csp": "provider duties: {count}",
            "csc": "customer duties: {count}",
            "third_party": "third party duties: {count}",
        },
        other_guides="Other guides on this clause",
    ),
    "zh-Hant": ReadingPhrases(
        contents="目錄",
        sections="指南各節",
        on_page="第 {page} 頁",
        crumbs="目前位置",
        by_link="此連結只開啟這一頁。如要閱讀更多：",
        copy="複製出處",
        copied="已複製",
        print="列印",
        show_place="顯示出處",
        notes="指南註記",
        changes="指南其後的變更",
        related="相關條文",
        resources="指南提及的資料",
        ask_about="就 {ref} 提問",
        beside="前後條文",
        before="上一條",
        after="下一條",
        source_words="指南原文",
        source_places="在指南中的位置",
        no_source="此處未附上指南原文，故只列出句子的位置。請按所示頁碼查閱你的文本。",
        in_part="此處只顯示所重述的段落。",
        requirement_column="要求",
        response_column="回應",
        to_statement="第 {number} 句，前往其重述",
        sentence="第 {number} 句",
        withheld="[不顯示：附上的文本在此與所重述的不符]",
        place="第 {section} 節",
        place_row="第 {section} 節，{row} 行",
        notices="聲明",
        clauses_here="本節回應的條文",
        document="文件",
        address="頁面",
        corpus="語料",
        words="文字",
        words_attached="責任以淺白文字重述，旁為經雜湊值核實的指南原句",
        words_restated="責任以淺白文字重述；未附上指南原文",
        edition="第 {edition} 版，{date}，{provider}",
        regulations="各規例由誰負責甚麼",
        matrix="責任矩陣",
        matrix_title="{regulation} 責任矩陣",
        downloads="下載責任矩陣",
        who_does_what="誰負責甚麼",
        absent="指南沒有回應",
        lacks="指南沒有回應 {ref}。",
        lacks_because="指南沒有回應 {ref}：{reason}。",
        found="「{text}」的結果",
        none_found="沒有這個名稱的條文，但指南可能仍有回應：",
        ask_it="以此提問",
        filter="某一方有責任的條文",
        everybody="所有條文",
        clause="條文",
        ownership="由誰負責",
        more="另有 {count} 項",
        none_carried="沒有條文列明這一方的責任。",
        about_regulation="關於此規例",
        issuer="發出機構",
        in_force="生效",
        revisions="其後修訂",
        checked="查核於 {date}",
        clauses_of={
            "csp_owned": "供應商 {count} 條",
            "csc_owned": "客戶 {count} 條",
            "shared": "共同 {count} 條",
            "third_party": "第三方 {count} 條",
            "none": "未列明 {count} 條",
        },
        duties={"csp": "供應商 {count} 項", "csc": "客戶 {count} 項", "third_party": "第三方 {count} 項"},
        other_guides="其他指南對本條的回應",
    ),
}
