"""What is wrong with a questionnaire: Traditional Chinese by the English sentence that a `ReviewError` has. Pure.

What only a programmer can read (which part of a file is damaged, and how) is told in English alone.
"""

from __future__ import annotations

from collections.abc import Mapping

FAULT = "It could not be reviewed: something went wrong here. Try again, or ask whoever runs this service."
"""The problem of a review that failed through a fault of ours."""

SLOW = "It takes too long to review: split it."
"""The problem of a review that others waited behind for long enough."""

LOST = "The file is no longer there: give it again."
"""The problem of a review whose file can't be had any more."""

_BINARY = "檔案內容不是文字，無法當作問卷讀取。"
_ENTITIES = "檔案宣告了 XML 實體，Office 程式不會這樣儲存，因此不予開啟。"
_DAMAGED = "檔案已損壞。請用 Office 開啟後重新儲存。"

CHINESE: Mapping[str, str] = {
    FAULT: "未能審閱：這裡出了問題。請再試一次，或向負責此服務的人查詢。",
    SLOW: "審閱需時過長。請分拆檔案。",
    LOST: "檔案已不在這裡。請重新提供。",
    "No questions were found in the file: head their column with “Question”, or name it.": (
        "檔案中找不到問題。請以「問題」作欄名，或指明欄位。"
    ),
    "No questions were found in the document: head their column in a table with “Question”, name it, or end each "
    "question with a question mark.": (
        "文件中找不到問題。請在表格中以「問題」作欄名，或指明欄位；文字中的問題請以問號結尾。"
    ),
    "No questions were found in the file: write one on each line.": "檔案中找不到問題。請每行寫一題。",
    'No questions were found in the file: none of its objects has a key such as "question".': (
        "檔案中找不到問題：沒有任何物件帶有「question」之類的鍵。"
    ),
    "No questions were found in the workbook's visible sheets: name the column that holds them.": (
        "工作簿的可見工作表中找不到問題。請指明問題所在的欄位。"
    ),
    "No table has the columns {named}. The columns there are: {there}; letters and numbers work too.": (
        "沒有表格具有欄位 {named}。現有欄位：{there}；亦可用字母或編號。"
    ),
    "No table has the columns {named}. None is named; letters and numbers work too.": (
        "沒有表格具有欄位 {named}，亦沒有任何欄名；可改用字母或編號。"
    ),
    "A text file with a question a line has no columns to name.": "每行一題的文字檔沒有欄位可以指明。",
    "no guide of that id is loaded; there are: {known}": "沒有載入該指南；現有：{known}",
    "The file is empty.": "檔案是空的。",
    "The file has {size:.0f} MB; {most} MB are read at most.": "檔案有 {size:.0f} MB，最多只讀取 {most} MB。",
    "The file has {count:,} questions; {most:,} are answered at a time. Split it.": (
        "檔案有 {count:,} 題，每次最多回答 {most:,} 題。請分拆檔案。"
    ),
    "The file has more than {rows:,} rows or {cells:,} cells. Split it.": (
        "檔案超過 {rows:,} 行或 {cells:,} 個儲存格。請分拆檔案。"
    ),
    "The sheet “{name}” has more than {most:,} rows. Split it, or delete its empty rows.": (
        "工作表「{name}」超過 {most:,} 行。請分拆，或刪除空白行。"
    ),
    "The sheet “{name}” has no free columns to the right: delete its empty ones.": (
        "工作表「{name}」右邊沒有空欄可用。請刪除空白欄。"
    ),
    "The document has {megabytes:.0f} MB of text. Split it.": "文件的文字有 {megabytes:.0f} MB。請分拆文件。",
    "The document's tables have more than {most:,} cells. Split it.": (
        "文件的表格超過 {most:,} 個儲存格。請分拆文件。"
    ),
    "The JSON has more than {most:,} values. Split it.": "JSON 超過 {most:,} 個值。請分拆檔案。",
    "The JSON nests deeper than {most} levels: it is no questionnaire that can be read.": (
        "JSON 超過 {most} 層，無法當作問卷讀取。"
    ),
    "The file is no valid JSON: line {line}, column {column}: {what}.": (
        "檔案不是有效的 JSON：第 {line} 行第 {column} 字有誤。"
    ),
    "Line {line}: a quotation mark is opened and never closed. Save the file anew.": (
        "第 {line} 行：引號沒有結尾。請重新儲存檔案。"
    ),
    "Line {line} has more than {most:,} cells: it is no table that a spreadsheet holds.": (
        "第 {line} 行超過 {most:,} 個儲存格，試算表容不下這樣的表格。"
    ),
    "The file says that it is {codec}, but byte {place} is not. Save it anew as UTF-8.": (
        "檔案標明是 {codec}，但第 {place} 個位元組不是。請另存為 UTF-8。"
    ),
    "The file's encoding can't be told for sure. Save it as UTF-8 (in Excel: “CSV UTF-8”).": (
        "未能確定檔案的編碼。請另存為 UTF-8（在 Excel 選「CSV UTF-8」）。"
    ),
    "The file holds binary data, not text: it is no questionnaire that can be read.": _BINARY,
    "The file may hold macros (.{ending}), which are not opened. Save it as {safe}.": (
        "檔案可能含有巨集（.{ending}），不予開啟。請另存為 {safe}。"
    ),
    "The file holds macros, which are not opened. Save it without them, as {safe}.": (
        "檔案含有巨集，不予開啟。請移除巨集，另存為 {safe}。"
    ),
    "The file is encrypted. Take the password off and send it again.": "檔案已加密。請移除密碼後再送出。",
    "The file is protected by a password. Take the password off and send it again.": (
        "檔案受密碼保護。請移除密碼後再送出。"
    ),
    "The file is of an old Office program, or encrypted. Save it as .xlsx or .docx without a password.": (
        "檔案出自舊版 Office，或已加密。請另存為 .xlsx 或 .docx，不設密碼。"
    ),
    "The file is a PDF. Save the questionnaire as .xlsx, .docx or .csv.": (
        "檔案是 PDF。請把問卷另存為 .xlsx、.docx 或 .csv。"
    ),
    "The file is a workbook of old Excel (.xls). Save it as .xlsx.": (
        "檔案是舊版 Excel 工作簿（.xls）。請另存為 .xlsx。"
    ),
    "The file is a document of old Word (.doc). Save it as .docx.": "檔案是舊版 Word 文件（.doc）。請另存為 .docx。",
    "The file is a rich text file (.rtf). Save it as .docx.": "檔案是 RTF 文件（.rtf）。請另存為 .docx。",
    "The file is a workbook of LibreOffice (.ods). Save it as .xlsx.": (
        "檔案是 LibreOffice 工作簿（.ods）。請另存為 .xlsx。"
    ),
    "The file is a document of LibreOffice (.odt). Save it as .docx.": (
        "檔案是 LibreOffice 文件（.odt）。請另存為 .docx。"
    ),
    "The file is a binary workbook (.xlsb). Save it as .xlsx.": "檔案是二進位工作簿（.xlsb）。請另存為 .xlsx。",
    "The file is a web page (.html). Save it as .xlsx or .csv.": "檔案是網頁（.html）。請另存為 .xlsx 或 .csv。",
    "The file is an archive. Unpack it, and send what is inside.": "檔案是壓縮檔。請解壓後送出其中的檔案。",
    "The file is a zip archive, but no workbook or document of Office. Unpack it and send what is inside.": (
        "檔案是 zip 壓縮檔，不是 Office 工作簿或文件。請解壓後送出其中的檔案。"
    ),
    "The file is named .{ending}, but holds plain text. Name it .csv or .txt, or save it anew.": (
        "檔案名為 .{ending}，內容卻是純文字。請改名為 .csv 或 .txt，或重新儲存。"
    ),
    "The file is named .{ending}, but holds {held}. Name it .{kind}.": (
        "檔案名為 .{ending}，內容卻是 .{kind}。請改名為 .{kind}。"
    ),
    "The file is named .{ending}, but is a {held}. Name it .{kind}.": (
        "檔案名為 .{ending}，內容卻是 .{kind}。請改名為 .{kind}。"
    ),
    "The file is no {name}. {what}: save it as .{kind}.": "檔案不是 .{kind}。請另存為 .{kind}。",
    "The file has {count:,} parts; {most:,} are read at most.": "檔案有 {count:,} 個部件，最多只讀取 {most:,} 個。",
    "The file unpacks to far more than a questionnaire holds (a “zip bomb”): it is not opened.": (
        "檔案解壓後遠大於一般問卷（「壓縮炸彈」），不予開啟。"
    ),
    "The file's part {name} declares XML entities, which no Office program writes: it is not opened.": _ENTITIES,
    "The workbook declares XML entities, which no spreadsheet program writes: it is not opened.": _ENTITIES,
    "The workbook's XML is not in UTF-8. Open it in Excel, save it anew.": (
        "工作簿的 XML 不是 UTF-8。請用 Excel 開啟後重新儲存。"
    ),
    "The workbook is damaged ({what}). Open it in Excel, save it anew.": "工作簿已損壞。請用 Excel 開啟後重新儲存。",
    "The file is damaged: its part {name} is no XML. Open it in Office, save it anew.": _DAMAGED,
    "The {name} is damaged: {reason}. Open it in Office, save it anew.": _DAMAGED,
    "The document is damaged: it has no body. Open it in Word, save it anew.": (
        "文件已損壞：沒有正文。請用 Word 開啟後重新儲存。"
    ),
    "Clausebot wrote nothing in this file: approve one that a review returned.": (
        "這個檔案沒有 Clausebot 寫入的內容。請核准審閱後取回的檔案。"
    ),
}
