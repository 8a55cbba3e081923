"""OpenAPI 3.1 of the routes, made from the services' contracts and the gateway's own schemas: nothing is written twice."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema

from chassis.json_schema import json_schema
from gateway import problems, texts
from gateway.api.contracts import Contracts
from gateway.api.routes import Local, Route, Who
from gateway.bus import Rpc

Document = dict[str, Any]
PROBLEM = "#/components/schemas/Problem"
REPLIES = {
    "400": "请求无法解读",
    "401": "未登录或登录已失效",
    "403": "无权办理",
    "404": "不存在或不在可见范围内",
    "409": "与现有状态冲突",
    "413": "内容过大",
    "415": "内容类型不符",
    "422": "内容不符合要求（fields 指明字段和规则）",
    "429": "请求过于频繁",
    "500": "系统故障（凭 trace 联系运维）",
    "503": "服务暂不可用（稍后重试，见 Retry-After）",
}
DESCRIPTION = """\
河北省建筑工程安全生产监督管理系统对外接口。

- 登录：`POST /api/v1/sessions`。浏览器凭 Cookie，修改类请求另带 `X-CSRF-Token`；
  程序凭 `Authorization: Bearer`（会话令牌或接口密钥）。
- 每个 POST 须带 `Idempotency-Key`：同一请求重发，得到第一次的答复，不会重复办理。
- 列表按页取：`limit` 最多 100，`next` 作为下一页的 `after`。
- 出错时答复 `application/problem+json`：`code` 不变，`detail` 给人看，`fields` 指明字段，`trace` 供查询。
"""


# The first word of an address, and what it is about.
GROUPS = {
    "sessions": "登录",
    "account": "本人账号",
    "accounts": "单位账号",
    "keys": "接口密钥",
    "registrations": "企业注册",
    "home": "首页",
    "search": "查找",
    "exports": "导出",
    "figures": "统计分析",
    "divisions": "行政区划",
    "agencies": "监督机构",
    "organisations": "单位",
    "matters": "事项",
    "applications": "申请与办理",
    "attachments": "附件",
    "projects": "项目",
    "machines": "机械设备",
    "people": "人员",
    "person-locks": "人员锁定",
    "devices": "定位手机",
    "beacons": "蓝牙信标",
    "officers": "执法人员",
    "interests": "执法回避",
    "plans": "检查计划",
    "draws": "双随机抽取",
    "duty-board": "到岗看板",
    "duty-sites": "工程到岗与轨迹",
    "duty-ranking": "到岗率排名",
    "duty-trend": "到岗率走势",
    "duty-months": "到岗月报",
    "leader-leaves": "企业负责人休假",
    "absences": "缺勤",
    "corrections": "到岗更正",
    "shifts": "现场带班",
    "leaves": "请假",
    "privacy-terms": "个人信息处理告知",
    "suspicions": "定位存疑",
    "evidence": "证据",
    "evidence-bundles": "证据包",
    "check-library": "检查库",
    "inspections": "执法检查",
    "findings": "检查发现",
    "orders": "责令通知",
    "rectifications": "整改报告",
    "transfers": "行政处罚移交",
    "documents": "执法文书",
    "numbers": "文号",
    "cases": "处罚案件",
    "offences": "违法行为",
    "penalty-weighings": "裁量计算",
    "penalty-fairness": "裁量偏离",
    "certificates": "证书",
    "work-logs": "企业工序",
    "verify": "证书查验",
    "bulletins": "通知公告",
    "downloads": "下载管理",
}


def schema_of(schema: type[Schema] | None) -> Document:
    return json_schema(schema) if schema is not None else {"type": "object", "additionalProperties": False}


def document(routes: Iterable[Route], contracts: Contracts, prefix: str) -> Document:
    paths: Document = {}
    for route in routes:
        paths.setdefault(prefix + route.path, {})[route.method.lower()] = _operation(route, contracts)
    return {
        "openapi": "3.1.0",
        "info": {"title": "安监接口", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": title} for name, title in GROUPS.items()],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA},
            "responses": {status: _problem(words) for status, words in REPLIES.items()},
            "securitySchemes": SECURITY_SCHEMES,
        },
        "x-problems": texts.titles(),
    }


def request_schema(route: Route, contracts: Contracts) -> Document:
    """All of a request: path, query and body together."""
    act = route.act
    if isinstance(act, Rpc):
        return contracts.request(act)
    told = schema_of(act.request)
    if isinstance(act, Local) and act.fronts:
        passed_on = contracts.request(act.fronts).get("properties", {})
        told["properties"] |= {name: each for name, each in passed_on.items() if name in told["properties"]}
    return told


def reply_schema(route: Route, contracts: Contracts) -> Document:
    act = route.act
    if isinstance(act, Rpc):
        return _in_words(contracts.reply(act))
    told = schema_of(act.reply)
    if isinstance(act, Local) and act.fronts:
        told["properties"] = _in_words(contracts.reply(act.fronts)).get("properties", {}) | told.get("properties", {})
    if isinstance(act, Local) and act.gathers:
        parts = {name: _or_null(contracts.reply(rpc)) for name, rpc in act.gathers.items()}
        told["properties"] = parts | told["properties"]
        told["required"] = [*parts, *told.get("required", [])]
    return told


def _or_null(schema: Document) -> Document:
    return schema | {"type": [schema.get("type", "object"), "null"]}


def _in_words(schema: Document) -> Document:
    """With the `message` that the gateway puts beside each finding and each broken rule (texts.explain)."""
    told = dict(schema)
    if isinstance(told.get("items"), dict):
        told["items"] = _in_words(told["items"])
    if properties := told.get("properties"):
        told["properties"] = {name: _in_words(each) for name, each in properties.items()}
        if {"code", "severity"} <= properties.keys() or "rule" in properties:
            told["properties"]["message"] = {"type": "string", "title": "说明"}
    return told


def _operation(route: Route, contracts: Contracts) -> Document:
    whole = request_schema(route, contracts)
    told: Document = {
        "operationId": route.name,
        "summary": route.title,
        "tags": [route.path.split("/")[1]],
        "security": _security(route),
        "parameters": _parameters(route, whole),
        "responses": _responses(route, contracts),
    }
    if body := _body(route, whole):
        told["requestBody"] = body
    return told


def _parameters(route: Route, whole: Document) -> list[Document]:
    properties = whole.get("properties") or {}
    told = [
        {"name": name, "in": "path", "required": True, "schema": properties.get(name, {"type": "string"})}
        for name in route.parameters
    ]
    if route.asks_by_query or route.upload:
        told += [_query(name, properties[name], whole) for name in properties if name not in route.parameters]
    if not route.is_safe and route.once is not False:
        told.append(_header("Idempotency-Key", {"type": "string", "maxLength": 200}, required=route.demands_key))
    if not route.is_safe and route.who is not Who.ANYBODY:
        told.append(
            _header("X-CSRF-Token", {"type": "string", "description": "仅以 Cookie 登录时需要"}, required=False)
        )
    return told


def _query(name: str, schema: Document, whole: Document) -> Document:
    required = name in (whole.get("required") or [])
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _header(name: str, schema: Document, *, required: bool) -> Document:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _body(route: Route, whole: Document) -> Document | None:
    if route.upload:
        file = {"type": "string", "format": "binary"}
        form = {"type": "object", "properties": {"file": file}, "required": ["file"], "additionalProperties": False}
        kinds: Document = {"multipart/form-data": {"schema": form}, "application/octet-stream": {"schema": file}}
        return {"required": True, "content": kinds}
    if route.asks_by_query:
        return None
    body = _without(whole, route.parameters)
    if route.derived:
        body["required"] = [name for name in body.get("required", []) if name != route.derived]
    if not body.get("properties") and "properties" in whole:
        return None
    return {"required": bool(body.get("required")), "content": {"application/json": {"schema": body}}}


def _responses(route: Route, contracts: Contracts) -> Document:
    told: Document = {status: {"$ref": f"#/components/responses/{status}"} for status in REPLIES}
    if route.media_type != "application/json":
        content: Document = {route.media_type: {"schema": {"type": "string", "format": "binary"}}}
    else:
        content = {"application/json": {"schema": reply_schema(route, contracts)}}
    return {str(route.status): {"description": "办理成功", "content": content}} | told


def _security(route: Route) -> list[Document]:
    """The ways to come here; what everybody may read, any key may."""
    ways: list[Document] = [{"session": []}, {"cookie": []}]
    if route.who is Who.ANYBODY and route.is_safe:
        return [{}, *ways, {"key": []}]
    keys: list[Document] = [{"key": [each]} for each in route.scopes_needed]
    return [*([{}] if route.who is Who.ANYBODY else []), *ways, *keys]


def _without(whole: Document, names: Iterable[str]) -> Document:
    gone = set(names)
    told = dict(whole)
    told["properties"] = {name: each for name, each in (whole.get("properties") or {}).items() if name not in gone}
    if "required" in whole:
        told["required"] = [name for name in whole["required"] if name not in gone]
    return told


def _problem(words: str) -> Document:
    return {"description": words, "content": {problems.MEDIA_TYPE: {"schema": {"$ref": PROBLEM}}}}


PROBLEM_SCHEMA: Document = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "fields", "trace"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "错在哪里，怎么办"},
        "code": {"type": "string", "description": "不变的代码，供程序判断"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "rule", "message"],
                "properties": {
                    "path": {"type": "string"},
                    "rule": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "trace": {"type": "string"},
        "data": {"type": "object", "description": "相关数据，例如由谁占用、自何时起"},
    },
}
SECURITY_SCHEMES: Document = {
    "session": {"type": "http", "scheme": "bearer", "description": "登录答复中的 token"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "anjian_session"},
    "key": {"type": "http", "scheme": "bearer", "description": "接口密钥（k_ 开头），按范围授权"},
}
