"""LibreOffice without a window, which opens what Clausebot returns and says what it found in it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from e2e.programs import clean_environment

# Seconds: the first start makes a profile, on a machine that does other things too.
_WITHIN = 180.0

FORMATS = {
    "pdf": "pdf",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "docx": "docx:MS Word 2007 XML",
}

# How a CSV file is read: commas, double quotes, UTF-8.
_CSV = "CSV:44,34,76,1"


class Office:
    """LibreOffice with a profile of its own in a folder."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile

    def convert(self, kind: str, folder: Path, *paths: Path) -> list[Path]:
        """Open files and save each as another, of the same name with the kind's ending, in a folder.

        A file that needs repair is not opened: nobody is there to be asked.

        Raises:
            RuntimeError: it ended in disorder, within three minutes not at all, or without having saved a file.
        """
        command = ["soffice", f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore"]
        command += ["--nolockcheck", "--convert-to", FORMATS[kind], "--outdir", str(folder)]
        if any(path.suffix == ".csv" for path in paths):
            command.append(f"--infilter={_CSV}")
        command += map(str, paths)
        process = subprocess.Popen(
            command,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=_WITHIN)
        except subprocess.TimeoutExpired:
            # It starts programs of its own, which are of its group.
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
        made = [folder / f"{path.stem}.{kind}" for path in paths]
        if process.returncode or b"Error" in said or not all(path.is_file() for path in made):
            raise RuntimeError(said.decode(errors="replace"))
        return made
