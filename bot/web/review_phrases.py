"""What only the pages of vendor reviews say, in English and Traditional Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class ReviewPhrases:
    """One language's words of reviews; those in braces are filled by `str.format`."""

    title: str
    intro: str
    file: str
    file_hint: str
    columns: str
    columns_hint: str
    question_column: str
    answer_column: str
    comment_column: str
    guides: str
    guides_hint: str
    send: str
    sending: str
    kept: str
    own: str
    states: Mapping[str, str]
    no_file: str
    too_large: str
    too_slow: str
    busy: str
    too_many: str
    not_read: str
    not_sent: str
    deleted: str
    gone: str
    waiting: str
    ahead: str
    progress: str
    opening: str
    working: str
    refreshes: str
    offline: str
    failed: str
    again: str
    counts: str
    draft: str
    download: str
    delete: str
    delete_hint: str
    filter: str
    everything: str
    answered: str
    person: str
    table: str
    number: str
    row: str
    question: str
    answer: str
    clause: str
    confidence: str
    status: str
    given: str
    choices: str
    quote: str
    none_here: str
    pages: str
    page: str
    previous: str
    next: str


REVIEW_PHRASES: Mapping[Language, ReviewPhrases] = {
    "en": ReviewPhrases(
        title="Review a questionnaire",
        intro=(
            "Upload a vendor questionnaire. The same file comes back with what the guide answers filled in, each with "
            "its clause and page; what the guide does not say is left to a person, with the reason."
        ),
        file="Questionnaire",
        file_hint="xlsx, docx, csv, tsv, json or txt (a question a line), without macros; {largest} MB at most.",
        columns="Name the columns yourself",
        columns_hint="Only if they are not found by themselves: by heading, letter or number.",
        question_column="Column of the questions",
        answer_column="Column of the answers",
        comment_column="Column of the comments",
        guides="Guides to answer from",
        guides_hint="None chosen means all of them.",
        send="Review it",
        sending="Uploading …",
        kept="Your file and the result are kept for a day at most, or until you delete them.",
        own="Your reviews",
        states={
            "waiting": "waiting",
            "working": "in progress",
            "ready": "ready",
            "failed": "could not be reviewed",
        },
        no_file="No file was chosen. Choose one, then send it.",
        too_large="The file has more than {largest} MB. Leave out pictures or split it, then choose it again.",
        too_slow="The file did not arrive in time. Check the connection, then choose it again.",
        busy="Several files are being uploaded at this moment. Try again in a minute.",
        too_many="{most} reviews of yours are kept here already. Delete one, then send this file.",
        not_read="The upload arrived incomplete. Choose the file once more.",
        not_sent="The file did not get through. Check the connection, then send it again.",
        deleted="The review and its files are deleted.",
        gone="This review is not here. It was deleted, its day is over, or somebody else uploaded it.",
        waiting="Waiting for its turn",
        ahead="Reviews before this one: {count}",
        progress="Progress of the review",
        opening="Reading the file …",
        working="{done} of {total} questions looked up",
        refreshes="This page looks for itself how far it is. You may close it and come back.",
        offline="The connection is away; trying again.",
        failed="This file could not be reviewed",
        again="Try again, with another file or with the columns named.",
        counts="{total} questions: {answered} answered, {person} left to a person",
        draft="A draft for a person to approve. Nothing is answered that the guide does not say.",
        download="Download {name}",
        delete="Delete now",
        delete_hint="Deletes the file, the result and this page.",
        filter="Which questions",
        everything="All",
        answered="Answered",
        person="Needs a person",
        table="Questions and answers",
        number="Question {number}",
        row="row {row}",
        question="Question",
        answer="Answer",
        clause="Clause",
        confidence="Confidence",
        status="Status",
        given="Was in the file:",
        choices="Allowed:",
        quote="Quote",
        none_here="None.",
        pages="Pages",
        page="Page {page} of {pages}",
        previous="Before",
        next="After",
    ),
    "zh-Hant": ReviewPhrases(
        title="填寫問卷",
        intro=(
            "上載供應商審查問卷，便會取回同一檔案：指南有回應的已填上，並註明條文及頁碼；"
            "指南沒有說的留給人填寫，並說明原因。"
        ),
        file="問卷",
        file_hint="xlsx、docx、csv、tsv、json 或 txt（每行一題），不含巨集；最大 {largest} MB。",
        columns="自行指明欄位",
        columns_hint="只在未能自動找到時需要：寫出標題、字母或編號。",
        question_column="問題所在欄",
        answer_column="答案所在欄",
        comment_column="備註所在欄",
        guides="依據的指南",
        guides_hint="不選即全部。",
        send="開始填寫",
        sending="正在上載…",
        kept="檔案及結果最多保留一天，你亦可隨時刪除。",
        own="你的問卷",
        states={"waiting": "等候中", "working": "處理中", "ready": "完成", "failed": "未能處理"},
        no_file="未選擇檔案。請選擇後再送出。",
        too_large="檔案超過 {largest} MB。請刪去圖片或分拆，然後重新選擇。",
        too_slow="檔案未能及時送達。請檢查網絡連線，然後重新選擇。",
        busy="現正有多個檔案上載。請稍後再試。",
        too_many="這裡已保留你的 {most} 份問卷。請先刪除一份再送出。",
        not_read="上載不完整。請重新選擇檔案。",
        not_sent="檔案未能送出。請檢查網絡連線，然後再送一次。",
        deleted="問卷及其檔案已刪除。",
        gone="這裡沒有這份問卷：已刪除、已過一天，或由他人上載。",
        waiting="等候處理",
        ahead="前面的問卷：{count} 份",
        progress="處理進度",
        opening="正在讀取檔案…",
        working="已查閱 {total} 題中的 {done} 題",
        refreshes="本頁會自行更新進度。你可以先關閉，稍後再回來。",
        offline="連線中斷，正在重試。",
        failed="未能處理此檔案",
        again="請另選檔案，或指明欄位後再試。",
        counts="共 {total} 題：已回答 {answered} 題，{person} 題留給人填寫",
        draft="這是供人審批的草稿。指南沒有說的，一概不作回答。",
        download="下載 {name}",
        delete="立即刪除",
        delete_hint="刪除檔案、結果及本頁。",
        filter="顯示哪些問題",
        everything="全部",
        answered="已回答",
        person="需由人填寫",
        table="問題與答案",
        number="第 {number} 題",
        row="第 {row} 行",
        question="問題",
        answer="答案",
        clause="條文",
        confidence="可信度",
        status="狀態",
        given="檔案原有：",
        choices="可選：",
        quote="引文",
        none_here="沒有。",
        pages="頁",
        page="第 {page} 頁，共 {pages} 頁",
        previous="上一頁",
        next="下一頁",
    ),
}
