"""The words of modals and of App Home, in English and Traditional Chinese. Titles and buttons have 24 characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class FormPhrases:
    """One language's words of forms; those in braces are filled by `str.format`."""

    close: str
    back: str
    save: str
    send: str
    show: str
    restated: str
    withheld: str
    section: str
    row: str
    sentence: str
    notes: str
    changes: str
    currency: str
    resources: str
    left_out: str
    gone_title: str
    gone: str
    lookup_title: str
    lookup_clause: str
    lookup_hint: str
    lookup_placeholder: str
    lookup_filters: str
    any_regulation: str
    any_party: str
    feedback_title: str
    feedback_reason: str
    feedback_text: str
    feedback_hint: str
    reasons: Mapping[str, str]
    review_title: str
    review_file: str
    review_hint: str
    settings_title: str
    settings_of: str
    regulation: str
    regulation_hint: str
    replies: str
    in_thread: str
    to_asker: str
    feedback: str
    feedback_on: str
    helpers: str
    helpers_hint: str
    group: str
    group_hint: str
    quiet: str
    quiet_on: str
    choose: str
    none: str
    home_title: str
    home_intro: str
    look_up: str
    guide: str
    background: str
    more_clauses: str
    recents: str
    clear: str
    settings: str
    settings_home: str
    settings_pick: str
    support: str


FORM_PHRASES: Mapping[Language, FormPhrases] = {
    "en": FormPhrases(
        close="Close",
        back="Back",
        save="Save",
        send="Send",
        show="Show",
        restated=(
            "Restated in plain words. The guide's own words are not shown here: its text is not attached, or differs "
            "at this place."
        ),
        withheld="Where no quote stands, the attached text differs from the one that is restated.",
        section="section {section}{row}, ",
        row=", row {row}",
        sentence="paragraph {paragraph}, sentence {sentences}, {pages}",
        notes="Notes on the guide",
        changes="Changed since the guide",
        currency="How current this is",
        resources="The guide refers to",
        left_out="… {count} more that have no room here",
        gone_title="Not found",
        gone="That clause is not here any more: the guides have changed since. Please ask again.",
        lookup_title="Look up a clause",
        lookup_clause="Clause",
        lookup_hint="Type a number (5.1), a title or a subject (backup, encryption).",
        lookup_placeholder="GL8 5.1(c)",
        lookup_filters="Narrow the list, if you like:",
        any_regulation="Any regulation",
        any_party="Any party",
        feedback_title="What was wrong?",
        feedback_reason="Reason",
        feedback_text="Anything to add?",
        feedback_hint="At most 500 characters. It is kept with the answer's record.",
        reasons={
            "wrong_clause": "The wrong clause",
            "wrong_split": "The wrong party",
            "should_have_answered": "It should have answered",
            "should_have_declined": "It should not have answered",
            "other": "Something else",
        },
        review_title="Review a questionnaire",
        review_file="Questionnaire",
        review_hint=(
            "One file: .xlsx, .csv, .tsv, .docx, .json, or .txt with a question a line, of at most 10 MB. It comes "
            "back filled in our direct conversation."
        ),
        settings_title="Settings",
        settings_of="How Clausebot behaves in {place}.",
        regulation="Regulation of a bare clause number",
        regulation_hint="What “5.1(c)” without a regulation is read as.",
        replies="Answers",
        in_thread="In the thread, for everybody",
        to_asker="To the asker only, who can share them",
        feedback="Feedback",
        feedback_on="Ask whether an answer helped",
        helpers="Who is asked by “Ask a person”: a channel",
        helpers_hint="Clausebot has to be a member of it. Without a channel and a group the button is not shown.",
        group="… and a group that is called there",
        group_hint="Without a channel above, the group is called in this conversation.",
        quiet="Quiet",
        quiet_on="Only the asker sees that nothing was found; only mentions are answered",
        choose="Choose",
        none="None",
        home_title="Who does what about a clause?",
        home_intro=(
            "Mention me in a channel, write to me in *Messages*, or type `/clause GL8 5.1(c)`. I find what a guide "
            "says, and say where; I am no legal advice and confirm no compliance."
        ),
        look_up="Look up a clause",
        guide="edition {edition} ({date}), by {provider}",
        background="Background of the guide ({count}): in the search.",
        more_clauses="… {count} more, in the search",
        recents="What you looked up",
        clear="Clear",
        settings="Settings",
        settings_home="How I behave in one channel: pick it.",
        settings_pick="Pick a channel",
        support="Help",
    ),
    "zh-Hant": FormPhrases(
        close="關閉",
        back="返回",
        save="儲存",
        send="送出",
        show="顯示",
        restated="以下以淺白文字重述。未能顯示指南原文：原文未附上，或此處與附上的文本不符。",
        withheld="沒有引文之處，附上的文本與所重述的不符。",
        section="第 {section} 節{row}，",
        row="，{row} 行",
        sentence="第 {paragraph} 段，第 {sentences} 句，{pages}",
        notes="指南註記",
        changes="指南其後的變更",
        currency="資料時效",
        resources="指南提及的資料",
        left_out="… 另有 {count} 項，此處容納不下",
        gone_title="找不到",
        gone="這條條文已不在這裡：指南其後有所更改。請再問一次。",
        lookup_title="查閱條文",
        lookup_clause="條文",
        lookup_hint="輸入編號（5.1）、標題或主題（備份、加密）。",
        lookup_placeholder="GL8 5.1(c)",
        lookup_filters="如有需要，可縮窄範圍：",
        any_regulation="所有規例",
        any_party="所有負責方",
        feedback_title="哪裡不對？",
        feedback_reason="原因",
        feedback_text="有甚麼補充？",
        feedback_hint="最多 500 字，會與答案的記錄一併保存。",
        reasons={
            "wrong_clause": "條文不對",
            "wrong_split": "負責方不對",
            "should_have_answered": "應該可以回答",
            "should_have_declined": "不應回答",
            "other": "其他",
        },
        review_title="審閱問卷",
        review_file="問卷",
        review_hint=(
            "一個檔案：.xlsx、.csv、.tsv、.docx、.json，或每行一題的 .txt，上限 10 MB。填妥後會在我們的直接對話中交回。"
        ),
        settings_title="設定",
        settings_of="Clausebot 在 {place} 的設定。",
        regulation="只寫條號時所指的規例",
        regulation_hint="例如沒有寫明規例的「5.1(c)」。",
        replies="答案",
        in_thread="放在討論串，人人可見",
        to_asker="只給提問者看，可由其分享",
        feedback="意見",
        feedback_on="詢問答案是否有幫助",
        helpers="「請教專人」轉往哪個頻道",
        helpers_hint="Clausebot 須為該頻道成員。頻道和群組均未設定時，不會顯示按鈕。",
        group="… 並在那裡通知的群組",
        group_hint="如上面沒有選擇頻道，則在此對話通知該群組。",
        quiet="安靜",
        quiet_on="找不到答案時只告訴提問者，並只回應提及",
        choose="選擇",
        none="無",
        home_title="一條條文，誰負責甚麼？",
        home_intro=(
            "在頻道提及我、在「訊息」分頁寫給我，或輸入 `/clause GL8 5.1(c)`。我只找出指南怎樣說、在哪裡說；"
            "這不是法律意見，也不確認合規。"
        ),
        look_up="查閱條文",
        guide="第 {edition} 版（{date}），{provider}",
        background="指南的背景資料（{count} 項）：可從查閱找到。",
        more_clauses="… 另有 {count} 條，可從查閱找到",
        recents="你查閱過的條文",
        clear="清除",
        settings="設定",
        settings_home="設定我在某個頻道的表現：請選擇頻道。",
        settings_pick="選擇頻道",
        support="支援",
    ),
}
