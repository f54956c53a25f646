"""Where the gateway's sealed values lie: messages, answers, files, and the certificates that were shown."""

from tuodi.platform.base.resealing import Column

SEALED = (
    Column(name="接口报文", table="gateway_message", column="body", at_once=500),
    Column(name="接口应答", table="gateway_answer", column="body", key="message_id", at_once=500),
    Column(name="上传和下载的文件", table="gateway_file", column="data", at_once=10),
    Column(name="出示过的证件号码", table="gateway_shown", column="document_number"),
)
