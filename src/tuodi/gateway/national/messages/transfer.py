"""Files up and down: 9101, 9102."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tuodi.gateway.national.fields import FileBytes, One, Text

MOST_FILE_BYTES = 4_000_000
"""The largest file that is taken, packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUp:
    """9101: a file."""

    data: Annotated[bytes, FileBytes("文件数据", MOST_FILE_BYTES, wire="in")]
    filename: Annotated[str, Text("文件名", 200)]
    fixmedins_code: Annotated[str, Text("医药机构编号", 30)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKept:
    """9101: its number; these fields stand in the output itself."""

    file_qury_no: Annotated[str, Text("文件查询号", 30)]
    filename: Annotated[str, Text("文件名", 200)]
    fixmedins_code: Annotated[str, Text("医药机构编号", 30)]
    dld_endtime: Annotated[str, Text("截止时间", 30)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDown:
    """9102: a file is asked for."""

    file_qury_no: Annotated[str, Text("文件查询号", 30)]
    filename: Annotated[str, Text("文件名", 200)]
    fixmedins_code: Annotated[str, Text("医药机构编号", 30)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpMessage:
    """Input of 9101."""

    fsuploadin: Annotated[FileUp, One("文件上传", wire="fsUploadIn")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDownMessage:
    """Input of 9102."""

    fsdownloadin: Annotated[FileDown, One("文件下载", wire="fsDownloadIn")]
