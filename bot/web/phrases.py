"""What pages of every kind and the chat say, in English and Traditional Chinese; the rest: `retrieval.wording`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class WebPhrases:
    """One language's words of pages; those in braces are filled by `str.format`."""

    skip: str
    ways: str
    ask: str
    guides: str
    matrix: str
    review: str
    find: str
    other_language: str
    to_dark: str
    to_light: str
    sign_out: str
    no_advice: str
    programs: str
    chat_title: str
    chat_intro: str
    question: str
    placeholder: str
    send: str
    hint: str
    examples: str
    example_questions: tuple[str, ...]
    recent: str
    recent_hint: str
    clear: str
    covered: str
    waiting: str
    offline: str
    suggestions: str
    asks: str
    clauses: str
    other_duties: str
    confidence: str
    unknown: str
    rating: str
    yes: str
    no: str
    helpful: str
    unhelpful: str
    why: str
    comment: str
    send_reason: str
    thanks: str
    not_kept: str
    sign_in: str
    sign_in_why: str
    link_expired: str
    to_sign_with: str
    not_known: str
    who_gives: str
    problems: Mapping[int, tuple[str, str]]
    no_such_guide: str
    no_such_page: str
    guides_there: str
    closest: str
    back_to_start: str


WEB_PHRASES: Mapping[Language, WebPhrases] = {
    "en": WebPhrases(
        skip="Skip to content",
        ways="Main",
        ask="Ask",
        guides="Guides",
        matrix="Matrix",
        review="Review",
        find="Find a clause",
        other_language="繁體中文",
        to_dark="Dark colours",
        to_light="Light colours",
        sign_out="Sign out",
        no_advice="Clausebot finds what a guide says and where. It is no legal advice and confirms no compliance.",
        programs="For programs: the API",
        chat_title="Who does what about a clause?",
        chat_intro="Ask in any words, in English or Chinese, or name a clause. Every answer says where it stands.",
        question="Your question",
        placeholder="Who handles backups?",
        send="Ask",
        hint="Type / for a list of clauses.",
        examples="For example",
        example_questions=(
            "Who handles backups under GL8 5.1(c)?",
            "Who encrypts the customer's data?",
            "Which clauses are shared?",
            "GL14 5.13",
        ),
        recent="Your recent questions",
        recent_hint="Kept in this browser only.",
        clear="Clear",
        covered="What is covered",
        waiting="Looking it up in the guide …",
        offline="The answer did not come through. Check the connection, then ask again.",
        suggestions="Clauses",
        asks="Requirement",
        clauses="{count} clauses",
        other_duties="{count} more under this clause",
        confidence="Confidence: {band}",
        unknown="not found in the guide: {terms}",
        rating="Did this help?",
        yes="Yes",
        no="No",
        helpful="This answer helped",
        unhelpful="This answer did not help",
        why="What was wrong?",
        comment="Anything to add? (kept with the answer's record)",
        send_reason="Send",
        thanks="Thank you. It is kept with the answer's record.",
        not_kept="This could not be kept. Try again in a minute.",
        sign_in="Sign in",
        sign_in_why="These pages are for people with an access token.",
        link_expired="This link opens its page no longer. Ask again in the chat for a new one, or sign in.",
        to_sign_with="Access token",
        not_known="This token is not known, or is good no longer.",
        who_gives="Whoever runs this service gives out tokens. You stay signed in for a day's work, at most.",
        problems={
            400: ("That could not be read", "The form arrived incomplete. Go back and try again."),
            401: ("You are signed out", "Load the page again and sign in, then ask once more."),
            403: (
                "This form is too old",
                "It was not sent from a page of yours, or that page was open for too long. Load the page again, then "
                "try once more.",
            ),
            404: ("There is no such page", "The address leads nowhere. It may be mistyped, or from another edition."),
            405: (
                "This is no page to open",
                "It takes what a form of ours sends. Begin at the start page.",
            ),
            408: ("That took too long", "What you sent did not arrive in time. Check the connection, then try again."),
            413: ("That is too long", "Ask in at most {longest} characters."),
            415: ("That could not be read", "Only a form of these pages can be sent here."),
            422: ("Something is missing", "Fill in what is asked for, then send it again."),
            429: ("One question at a time", "You have asked a lot in the last minute. Ask again in {wait} seconds."),
            500: ("Something went wrong", "The fault is ours. Try again, or ask in other words."),
            503: ("Not now", "The records can't be reached at the moment. Try again in a minute."),
        },
        no_such_guide="There is no guide of that name here.",
        no_such_page="The guide has no page of that name.",
        guides_there="The guides that are here",
        closest="Clauses nearby that the guide answers",
        back_to_start="Ask a question",
    ),
    "zh-Hant": WebPhrases(
        skip="跳到內容",
        ways="主要",
        ask="提問",
        guides="指南",
        matrix="分工表",
        review="問卷",
        find="尋找條文",
        other_language="English",
        to_dark="深色",
        to_light="淺色",
        sign_out="登出",
        no_advice="Clausebot 只找出指南怎樣說、在哪裡說；這不是法律意見，也不確認合規。",
        programs="供程式使用：API",
        chat_title="一條條文，誰負責甚麼？",
        chat_intro="用自己的話提問，中英文皆可，或寫出條文編號。每個答案都註明出處。",
        question="你的問題",
        placeholder="由誰負責備份？",
        send="提問",
        hint="輸入 / 可列出條文。",
        examples="例如",
        example_questions=(
            "GL8 5.1(c) 由誰負責備份？",
            "客戶資料加密由誰負責？",
            "哪些條文是共同負責？",
            "GL14 5.13",
        ),
        recent="你最近的問題",
        recent_hint="只保存在此瀏覽器。",
        clear="清除",
        covered="涵蓋的規例",
        waiting="正在查閱指南…",
        offline="未能取得答案。請檢查網絡連線，然後再問一次。",
        suggestions="條文",
        asks="要求",
        clauses="{count} 條條文",
        other_duties="本條另有 {count} 項",
        confidence="可信度：{band}",
        unknown="指南內找不到：{terms}",
        rating="這個答案有幫助嗎？",
        yes="有",
        no="沒有",
        helpful="這個答案有幫助",
        unhelpful="這個答案沒有幫助",
        why="哪裡不對？",
        comment="有甚麼補充？（會與答案的記錄一併保存）",
        send_reason="送出",
        thanks="謝謝。意見已與答案的記錄一併保存。",
        not_kept="未能儲存。請稍後再試。",
        sign_in="登入",
        sign_in_why="這些頁面只供持有存取權杖的人閱讀。",
        link_expired="此連結已不能開啟頁面。請在對話中再問一次以取得新連結，或登入。",
        to_sign_with="存取權杖",
        not_known="此權杖不明，或已失效。",
        who_gives="權杖由此服務的營運者發出。登入狀態最長維持一個工作天。",
        problems={
            400: ("無法讀取", "表格不完整。請返回再試一次。"),
            401: ("你已登出", "請重新載入頁面並登入，然後再問一次。"),
            403: ("表格已過期", "表格並非由你的頁面送出，或頁面開啟過久。請重新載入頁面，然後再試。"),
            404: ("沒有這一頁", "此網址沒有內容。可能輸入有誤，或屬於另一版本。"),
            405: ("這不是可以開啟的頁面", "它只接收表格送出的內容。請由首頁開始。"),
            408: ("傳送過久", "內容未能及時送達。請檢查網絡連線，然後再試。"),
            413: ("內容太長", "提問請勿超過 {longest} 字。"),
            415: ("無法讀取", "這裡只接受本網頁的表格。"),
            422: ("資料不全", "請填妥後再送出。"),
            429: ("請逐題提問", "你在過去一分鐘問了很多問題。請在 {wait} 秒後再問。"),
            500: ("出現問題", "這是我們的錯誤。請再試一次，或換個說法提問。"),
            503: ("暫時未能處理", "暫時無法存取記錄。請稍後再試。"),
        },
        no_such_guide="這裡沒有這個名稱的指南。",
        no_such_page="指南沒有這一頁。",
        guides_there="這裡的指南",
        closest="指南有回應的鄰近條文",
        back_to_start="提問",
    ),
}
