"""Where payees' accounts lie sealed: when keys change, both columns are sealed anew."""

from tuodi.platform.base.resealing import Column

SEALED = (
    Column(name="收款账户的户名", table="disbursement_account", column="holder_sealed"),
    Column(name="收款账户的账号", table="disbursement_account", column="number_sealed"),
)
