"""What is asked and told about accounts, sessions and keys."""

from chassis.schemas import Choice, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from gateway.accounts.models import State
from gateway.accounts.roles import PLATFORM, ROLES

ROLE_WORDS = {
    "administrator": "管理员",
    "clerk": "经办人",
    "acceptor": "受理人员",
    "reviewer": "审核人员",
    "approver": "审批人员",
    "inspector": "执法人员",
    "editor": "信息发布人员",
    "operator": "系统运维",
}
KIND_WORDS = {"enterprise": "企业", "agency": "监督机构", PLATFORM: "平台运维"}
STATE_WORDS = {State.REGISTERING.value: "注册中", State.ACTIVE.value: "正常", State.CLOSED.value: "已停用"}
ROLE_COUNT = max(len(roles) for roles in ROLES.values())


class UsernameField(Text):
    """Letters, digits and `. _ -`, beginning with a letter; capitals count as small letters."""

    def __init__(self) -> None:
        super().__init__("用户名", min=4, max=40, pattern=r"[A-Za-z][A-Za-z0-9._-]*", required=True)


class Nothing(Schema):
    pass


class SignIn(Schema):
    username = Text("用户名", max=40, required=True)
    password = Text("密码", max=200, required=True)


class AccountReply(Schema):
    account_id = Id("账号编号", required=True)
    username = Text("用户名", required=True)
    name = Text("姓名", required=True)
    organisation_id = Text("单位编号", max=36, required=True)
    organisation_kind = Choice("单位性质", choices=KIND_WORDS, required=True)
    roles = Rows(Choice("角色", choices=ROLE_WORDS), "角色", required=True)
    state = Choice("状态", choices=STATE_WORDS, required=True)
    must_change_password = Flag("须修改密码", required=True)
    version = Integer("版本", required=True)
    created_at = Moment("开通时间", required=True)
    signed_in_at = Moment("最近登录", required=True, allow_none=True)


class OneTimePassword(Schema):
    account = Part(AccountReply, "账号", required=True)
    one_time_password = Text("一次性密码", required=True, help="只显示一次；首次登录后须修改")


class PasswordReset(OneTimePassword):
    keys_revoked = Integer("吊销的接口密钥数", required=True, help="重置密码即吊销其全部接口密钥")


class SessionReply(Schema):
    session_id = Id("会话编号", required=True)
    started_at = Moment("登录时间", required=True)
    seen_at = Moment("最近使用", required=True)
    ends_at = Moment("最迟失效", required=True)
    address = Text("网络地址", required=True)
    agent = Text("浏览器", required=True)
    current = Flag("本次会话", required=True)


class Sessions(Schema):
    items = Rows(Part(SessionReply), "会话", required=True)


class Registration(Schema):
    application_id = Id("申请编号", required=True)
    stage = Text("环节", required=True)


class OrganisationReply(Schema):
    organisation_id = Text("单位编号", max=36, required=True)
    name = Text("名称", required=True)
    kind = Choice("单位性质", choices=KIND_WORDS, required=True)
    kinds = Rows(Text(), "企业类别", required=True)
    level = Text("层级", required=True)
    area = Text("辖区", required=True)
    division = Text("行政区划", required=True)
    stage = Text("状态", required=True)
    registration = Part(Registration, "注册申请", required=True, allow_none=True)


class Me(Schema):
    """Who I am; `organisation` is null while filing cannot tell."""

    account = Part(AccountReply, "账号", required=True)
    organisation = Part(OrganisationReply, "单位", required=True, allow_none=True)
    csrf_token = Text("防伪令牌", required=True, help="以 Cookie 登录时，修改类请求须在 X-CSRF-Token 中带上")
    ends_at = Moment("最迟失效", required=True, allow_none=True)


class SignedIn(Me):
    token = Text("令牌", required=True, help="接口客户端以 Authorization: Bearer 发送；浏览器用 Cookie 即可")


class ChangePassword(Schema):
    current_password = Text("原密码", max=200, required=True)
    new_password = Text("新密码", max=200, required=True)
    keep_keys = Flag("保留接口密钥", load_default=False, help="默认吊销本人全部接口密钥")


class PasswordChanged(Schema):
    keys_revoked = Integer("吊销的接口密钥数", required=True)


class ListAccounts(Schema):
    organisation_id = Text("单位编号", max=36, help="仅系统运维可查询其他单位")
    state = Choice("状态", choices=STATE_WORDS)
    q = Text("用户名或姓名", max=40)
    limit = Integer("每页条数", min=1, max=100, load_default=20)
    after = Text("接续位置", max=200)


class Accounts(Schema):
    items = Rows(Part(AccountReply), "账号", required=True)
    next = Text("接续位置", required=True, allow_none=True)


class CreateAccount(Schema):
    username = UsernameField()
    name = Text("姓名", min=1, max=40, required=True)
    roles = Rows(Choice("角色", choices=ROLE_WORDS), "角色", min=1, max=ROLE_COUNT, required=True)
    organisation_id = Text("单位编号", max=36, help="仅系统运维为其他单位开通首个管理员时填写")


class AccountId(Schema):
    account_id = Id("账号编号", required=True)


class ChangeAccount(AccountId):
    version = Integer("版本", min=1, required=True)
    name = Text("姓名", min=1, max=40)
    roles = Rows(Choice("角色", choices=ROLE_WORDS), "角色", min=1, max=ROLE_COUNT)


class AccountVersion(AccountId):
    version = Integer("版本", min=1, required=True)


class SessionId(Schema):
    session_id = Id("会话编号", required=True)


class KeyReply(Schema):
    key_id = Id("密钥编号", required=True)
    account_id = Id("账号编号", required=True)
    name = Text("用途", required=True)
    scopes = Rows(Text(), "范围", required=True)
    created_at = Moment("创建时间", required=True)
    expires_at = Moment("失效时间", required=True)
    last_used_at = Moment("最近使用", required=True, allow_none=True)
    revoked_at = Moment("吊销时间", required=True, allow_none=True)


class Keys(Schema):
    items = Rows(Part(KeyReply), "密钥", required=True)


class CreateKey(Schema):
    name = Text("用途", min=1, max=60, required=True)
    scopes = Rows(Text(max=40), "范围", min=1, max=100, required=True)
    expires_at = Moment("失效时间", required=True)


class CreatedKey(Schema):
    key = Part(KeyReply, "密钥", required=True)
    secret = Text("密钥内容", required=True, help="只显示一次")


class KeyId(Schema):
    key_id = Id("密钥编号", required=True)


class RegistrationAccount(Schema):
    username = UsernameField()
    password = Text("密码", max=200, required=True)
    name = Text("姓名", min=1, max=40, required=True)


class Register(Schema):
    """The enterprise's data are filing's to check: the form of the matter enterprise_registration."""

    account = Part(RegistrationAccount, "管理员账号", required=True)
    form = Free("注册表", required=True)
    attachments = Rows(Free(), "附件", required=True)
    agency_id = Text("受理机构", max=36)


class Registered(Schema):
    """Beside what filing tells of the application."""

    account_id = Id("账号编号", required=True)
    username = Text("用户名", required=True)
    application_id = Id("申请编号", required=True)
    organisation_id = Id("单位编号", required=True)
