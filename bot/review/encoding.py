"""Which encoding a text file is in, told by what decodes and comes back the same; never a silent guess. Pure."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from bot.review.model import ReviewError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The commonest characters of questionnaires in Chinese: a file read in the wrong encoding holds few of them.
_TRADITIONAL = set(
    "的是有否請說明何如及或對於之與在和為不可所需應該提供商雲端服務資料管理安全要求控制程式客戶保險公司系統加密備份復原測試人員"
    "存取權限外判處理事件通知日期回覆問題備註答案題目編號已會將中其他由以及後前到本此該者個時進行設定確保定期審計報告監管機構法規"
)
_SIMPLIFIED = set(
    "的是有否请说明何如及或对于之与在和为不可所需应该提供商云端服务资料数据管理安全要求控制程序客户保险公司系统加密备份恢复测试人员"
    "存取权限外包处理事件通知日期回复问题备注答案题目编号已会将中其他由以后前到本此者个时进行设置确保定期审计报告监管机构法规"
)
_CHINESE = (("cp950", _TRADITIONAL), ("big5hkscs", _TRADITIONAL), ("gb18030", _SIMPLIFIED | _TRADITIONAL))
# Share of a text's Chinese characters that must be common ones. Of text in the wrong encoding it is near nought.
_COMMON = 0.12
_LOOKED_AT = 200_000
# What Western text in Windows' code page has beyond ASCII: letters with accents, quotes, dashes, signs.
_WESTERN = (
    set("‘’“”–—…•€™©®£§°±²³µ¶·¼½¾«»\u00a0‚„†‡‰¡¿¢¥ªº×÷") | {chr(code) for code in range(0xC0, 0x100)} | set("ŠšŽžŒœŸƒ")
)
_PLAIN = {
    "¶": "par. ", "§": "s. ", "–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"',
    "…": "...", "•": "-", "·": "-", "\u00a0": " ", "≥": ">=", "≤": "<=", "→": "->", "×": "x", "「": '"', "」": '"',
    "，": ", ", "。": ". ", "：": ": ", "；": "; ", "（": " (", "）": ") ", "、": ", ",
}  # fmt: skip


class Encoded(NamedTuple):
    """A file's text, its byte order mark (empty where it has none) and its codec."""

    text: str
    mark: bytes
    codec: str

    def encode(self, text: str) -> bytes:
        """Text in the file's encoding; it must be one that `fit` has gone over, or the file's own."""
        return self.mark + text.encode(self.codec)

    def fit(self, text: str) -> str:
        """A text that is added, in characters that the file's encoding has: "¶2" becomes "par. 2" in Big5."""
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return "".join(map(self._fit_sign, text))
        return text

    def _fit_sign(self, sign: str) -> str:
        for written in (sign, _PLAIN.get(sign, "?")):
            try:
                written.encode(self.codec)
            except UnicodeEncodeError:
                continue
            return written
        return "?"


def decode(content: bytes) -> Encoded:
    """A file's text: by its byte order mark, else UTF-8, else UTF-16 that shows, else Big5, GB 18030 or Windows-1252.

    Raises:
        ReviewError: it is no text, or in an encoding that can't be told for sure.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            try:
                return _check(Encoded(content[len(mark) :].decode(codec), mark, codec))
            except UnicodeDecodeError as error:
                place = len(mark) + error.start
                raise ReviewError(
                    "The file says that it is {codec}, but byte {place} is not. Save it anew as UTF-8.",
                    codec=codec.upper(),
                    place=place,
                ) from None
    if b"\0" in content:
        return _check(_decode_wide(content))
    try:
        return _check(Encoded(content.decode(), b"", "utf-8"))
    except UnicodeDecodeError:
        pass
    found = max((_rate(content, codec, common), -place, codec) for place, (codec, common) in enumerate(_CHINESE))
    if found[0] >= _COMMON:
        return _check(Encoded(content.decode(found[2]), b"", found[2]))
    western = _try(content, "cp1252")
    beyond = [sign for sign in western or "" if sign > "\x7f"]
    if western is not None and all(sign in _WESTERN for sign in beyond):
        return _check(Encoded(western, b"", "cp1252"))
    raise ReviewError("The file's encoding can't be told for sure. Save it as UTF-8 (in Excel: “CSV UTF-8”).")


def _check(found: Encoded) -> Encoded:
    """What was decoded, where it is text."""
    if any(sign < " " and sign not in "\t\n\r\f\x0b\x1a\x1b" for sign in set(found.text)):
        raise ReviewError("The file holds binary data, not text: it is no questionnaire that can be read.")
    return found


def _decode_wide(content: bytes) -> Encoded:
    """UTF-16 without its mark: the one half of the bytes of ASCII text is nought."""
    if len(content) % 2 == 0:
        for codec, high in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
            noughts = high.count(0)
            if 4 * noughts >= len(high) and content.count(0) - noughts <= noughts // 50:
                text = _try(content, codec)
                if text is not None:
                    return Encoded(text, b"", codec)
    raise ReviewError("The file holds binary data, not text: it is no questionnaire that can be read.")


def _try(content: bytes, codec: str) -> str | None:
    """The text, where it comes back as the same bytes."""
    try:
        text = content.decode(codec)
        return text if text.encode(codec) == content else None
    except UnicodeError:
        return None


def _rate(content: bytes, codec: str, common: set[str]) -> float:
    text = _try(content, codec)
    beyond = [
        sign for sign in (text or "")[:_LOOKED_AT] if "\u3400" <= sign <= "\u9fff" or "\ue000" <= sign <= "\uf8ff"
    ]
    return sum(sign in common for sign in beyond) / len(beyond) if beyond else 0.0
