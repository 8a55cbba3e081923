"""The frame around every page: top bar and navigation by job, and what all templates may call."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request

from chassis.errors import Refusal
from chassis.identifiers import new_id
from gateway.accounts.models import AccountRow
from gateway.accounts.roles import is_administrator, is_operator
from gateway.api.admission import visitor
from gateway.parts import parts
from gateway.portal import locale, shown, static
from gateway.portal.pages import told_before
from gateway.principals import Profile
from gateway.visitors import csrf_token


@dataclass(frozen=True)
class Door:
    """One entry of the navigation. `kinds`: for whom (enterprise, agency, platform); `under`: addresses that belong to it,
    `*` standing for the id of a record."""

    address: str
    title: str
    kinds: tuple[str, ...]
    under: tuple[str, ...] = ()
    administrators: bool = False

    def nearness(self, path: str) -> int:
        """How much of a page's address the entry names, in steps; 0 for a page that does not belong to it."""
        if "/" in (self.address, path):
            return int(self.address == path)
        return max(_steps_in_common(each, path) for each in (self.address, *self.under))


def _steps_in_common(pattern: str, path: str) -> int:
    """The steps of the pattern if the path begins with all of them, else 0."""
    wanted, steps = pattern.split("/")[1:], path.split("/")[1:]
    begins = len(steps) >= len(wanted) and all(one in ("*", step) for one, step in zip(wanted, steps, strict=False))
    return len(wanted) if begins else 0


FIRMS, AGENCIES, BOTH, ALL = (
    ("enterprise",),
    ("agency",),
    ("enterprise", "agency"),
    ("enterprise", "agency", "platform"),
)
DOORS = (
    Door("/", "首页", ALL),
    Door("/inbox", "待办事项", AGENCIES),
    Door("/matters", "业务办理", FIRMS),
    Door("/applications", "办件", BOTH),
    Door("/projects", "项目", BOTH),
    Door("/work-logs", "企业工序", BOTH, ("/projects/*/work-logs",)),
    Door("/machines", "机械设备", BOTH),
    Door("/people", "人员", BOTH),
    Door("/certificates", "证书", BOTH),
    Door("/organisations", "单位", ("agency", "platform")),
    Door("/duty", "到岗履职", AGENCIES),
    Door("/duty/sites", "到岗履职", FIRMS, ("/duty",)),
    Door("/enforcement", "执法监督", AGENCIES),
    Door("/enforcement/orders", "执法监督", FIRMS, ("/enforcement",)),
    Door("/figures", "统计分析", AGENCIES),
    Door("/bulletins", "通知公告", ALL, ("/downloads",)),
    Door("/exports", "导出", BOTH),
    Door("/accounts", "账号", ALL, administrators=True),
    Door("/keys", "接口密钥", BOTH, administrators=True),
)


@dataclass(frozen=True)
class Me:
    """Who looks at the page; `profile` is None for the platform's operators and while filing cannot tell."""

    account: AccountRow
    profile: Profile | None

    @property
    def kind(self) -> str:
        return self.account.organisation_kind

    @property
    def organisation_name(self) -> str:
        return self.profile.name if self.profile else ""

    def has(self, *roles: str) -> bool:
        return bool(set(roles) & set(self.account.roles))

    @property
    def doors(self) -> list[Door]:
        leads = is_administrator(self.account) or is_operator(self.account)
        if self.profile is not None and not self.profile.is_open:
            return []
        return [each for each in DOORS if self.kind in each.kinds and (leads or not each.administrators)]

    def door_of(self, path: str) -> Door | None:
        """The entry that a page belongs to: of two, the one that names more of its address."""
        nearest = max(self.doors, key=lambda each: each.nearness(path), default=None)
        return nearest if nearest and nearest.nearness(path) else None


def install_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(locale.say, locale.say_plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(shown.FILTERS)
    app.jinja_env.tests.update(shown.TESTS)
    app.jinja_env.globals.update(
        asset=static.address,
        new_key=new_id,
        languages=locale.LANGUAGES,
        with_query=with_query,
        words_of_scripts=locale.words_of_scripts,
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {
        "me": me(),
        "csrf": _csrf,
        "language": locale.language(),
        "announced": told_before(),
        "path": request.path,
        "is_part": "HX-Request" in request.headers,
    }


def me() -> Me | None:
    account = visitor().account
    if account is None or visitor().session is None:
        return None
    return Me(account, None if is_operator(account) else _profile(account))


def _profile(account: AccountRow) -> Profile | None:
    try:
        return parts().profiles.of(account.organisation_id)
    except Refusal:
        return None


def _csrf() -> str:
    session = visitor().session
    return csrf_token(parts(), session) if session is not None else ""


def with_query(**changed: str | None) -> str:
    """The address of this page with some of its query changed; None takes a word out. What stands in it several times
    stays that often."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if value and name not in changed]
    asked += [(name, value) for name, value in changed.items() if value]
    return f"{request.path}?{urlencode(asked)}"
