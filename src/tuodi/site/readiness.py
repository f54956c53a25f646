"""Whether a database can carry the platform: findings, with the statements that mend them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import sql

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base.rls import ROLE

LEAST_VERSION = 15
"""Older ones lack `nulls not distinct` and the largest of several transaction numbers."""

_QUESTIONS = """
select current_setting('server_version_num')::int / 10000 as version, current_setting('server_version') as release,
       pg_encoding_to_char(encoding) as encoding, current_user as me, current_database() as database,
       has_schema_privilege('public', 'create') as may_create, r.rolsuper or r.rolcreaterole as may_make_roles,
       exists (select from pg_roles where rolname = %(role)s) as role_there,
       r.rolsuper as superuser
from pg_database, pg_roles r where datname = current_database() and r.rolname = current_user
"""


def connected(url: str) -> psycopg.Connection[dict[str, object]]:
    """A connection of its own that commits each statement. Faults: `database-unreachable`."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10, row_factory=psycopg.rows.dict_row)
    except psycopg.Error as why:
        raise unreachable(why) from None


def require_able(url: str) -> None:
    """The database can take the tables. Faults: all that is missing, each with the statements that mend it."""
    with connected(url) as connection:
        if findings := list(_missing(connection)):
            raise Faults(findings)


def unreachable(why: BaseException) -> Faults:
    """No connection; the password isn't told, and no more of the address than the library says itself."""
    said = " ".join(str(why).split()) or type(why).__name__
    return _fault(
        "database-unreachable", f"数据库连接不上：{said}", "DATABASE_URL", "核对地址、账户和密码，看数据库是否在运行"
    )


def not_migrated(count: int | None) -> Faults:
    """The tables are those of an earlier release; None: there are none yet."""
    message = "数据库还没有建表" if count is None else f"数据库的表还差 {count} 处变更"
    return _fault("not-migrated", message, "django_migrations", "先运行 tuodi migrate，再重新启动")


def _missing(connection: psycopg.Connection[dict[str, object]]) -> Iterator[Finding]:
    found = connection.execute(_QUESTIONS, {"role": ROLE}).fetchone()
    assert found is not None, "a server knows itself"
    if int(str(found["version"])) < LEAST_VERSION:
        message = f"PostgreSQL {found['release']} 太旧，至少要 {LEAST_VERSION}"
        yield finding("database-version", message, "server_version", "换用较新的 PostgreSQL，建议 18")
    if found["encoding"] != "UTF8":
        remedy = "新建一个 encoding 'UTF8' 的数据库"
        yield finding("database-encoding", f"数据库编码是 {found['encoding']}", str(found["database"]), remedy)
    if not found["may_create"]:
        remedy = _statements(connection, "grant create, usage on schema public to {me};", found)
        yield finding("schema-closed", f"账户 {found['me']} 不能在 public 中建表", "public", remedy)
    yield from _role(connection, found)


def _role(connection: psycopg.Connection[dict[str, object]], found: dict[str, object]) -> Iterator[Finding]:
    """The role that everything works under: made by us where we may, else by the administrator beforehand."""
    if found["superuser"] or (found["may_make_roles"] and not found["role_there"]):
        return
    if not found["role_there"]:
        remedy = _statements(connection, "create role {role} nologin noinherit; grant {role} to {me};", found)
        yield finding("role-missing", f"没有角色 {ROLE}，账户 {found['me']} 也不能建立角色", ROLE, remedy)
        return
    how = "SET" if int(str(found["version"])) >= 16 else "MEMBER"
    held = connection.execute("select pg_has_role(%s, %s) as held", [ROLE, how]).fetchone()
    if not held or not held["held"]:
        remedy = _statements(connection, "grant {role} to {me};", found)
        yield finding("role-not-granted", f"账户 {found['me']} 不能切换到角色 {ROLE}", ROLE, remedy)


def _statements(connection: psycopg.Connection[dict[str, object]], text: str, found: dict[str, object]) -> str:
    """What the database's administrator runs."""
    names = {"role": sql.Identifier(ROLE), "me": sql.Identifier(str(found["me"]))}
    return "请数据库管理员执行：" + sql.SQL(text).format(**names).as_string(connection)


def _fault(code: str, message: str, path: str, remedy: str) -> Faults:
    return Faults([finding(code, message, path, remedy)])
