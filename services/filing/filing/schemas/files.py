"""Which files are in use: the gateway asks before it removes any."""

from chassis.schemas import Rows, Schema, Text
from filing.schemas.common import SHA256

MOST_NAMES = 200


class FindUsedFiles(Schema):
    names = Rows(Text(pattern=SHA256), "文件摘要", max=MOST_NAMES, required=True)


class UsedFiles(Schema):
    used = Rows(Text(), "使用中的文件", required=True)
