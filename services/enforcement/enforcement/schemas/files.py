"""Which files are in use: asked by the gateway before it removes any."""

from chassis.schemas import Rows, Schema, Text

MOST_NAMES = 500


class FindUsedFilesRequest(Schema):
    names = Rows(Text(pattern="[0-9a-f]{64}"), "文件摘要", max=MOST_NAMES, required=True)


class FindUsedFilesReply(Schema):
    used = Rows(Text(), "使用中的文件", required=True)
