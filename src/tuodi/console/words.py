"""Acts of the audit trail in the words of the offices."""

from collections.abc import Mapping

ACTS: Mapping[str, str] = {
    "credential.issue": "签发接口凭证",
    "credential.revoke": "吊销接口凭证",
    "holiday.declare": "录入节假日",
    "staff.change_password": "修改密码",
    "staff.create": "新建账号",
    "staff.enable_two_factor": "启用动态码",
    "staff.lock": "停用账号",
    "staff.reset_password": "重置密码",
    "staff.reset_two_factor": "重置动态码",
    "staff.sign_in": "登录",
    "staff.sign_in_refused": "登录失败",
    "staff.unlock": "启用账号",
    "staff.use_recovery_code": "使用备用码",
}
