"""Office files whose bytes depend on what is in them only: no clock's time in the container or its properties. Pure."""

from __future__ import annotations

import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")


def fix_times(office: bytes, day: str) -> bytes:
    """An Office file (xlsx, docx) with fixed times: entries of 1980, created and modified on a day (2019-03-31)."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office)) as given, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            held = given.read(entry)
            if entry.filename == _CORE:
                held = _STAMP.sub(rf"\g<1>{day}T00:00:00Z\g<3>".encode(), held)
            told = zipfile.ZipInfo(entry.filename, _EPOCH)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = entry.external_attr
            # The same on every system that it is written on.
            told.create_system = 0
            made.writestr(told, held)
    return fixed.getvalue()
