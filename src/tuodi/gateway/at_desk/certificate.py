"""The identity number of the certificate that is shown: its own, one beside it, or what a site's reader makes of it.

An electronic voucher (01) brings a token in `mdtrt_cert_no`, a card (03) its number and in `card_sn` its serial.
Which person that is only their issuer knows: the national platform's decoding service, the card's centre. A site that
reaches one names a function of its own (`TUODI_CERTIFICATE_READER`); without, the refusal says what to send instead.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from tuodi.gateway.national.desk import PersonQuestion, Refused

IDENTITY_CARD = "02"
"""mdtrt_cert_type of the identity card, whose number is the certificate's own."""
CARD_DOCUMENT = "01"
"""psn_cert_type of the identity card."""
READABLE = {"01": "医保电子凭证", "03": "社会保障卡"}
"""Certificates that a reader may know."""

INSTEAD = "请同时送证件类型（psn_cert_type）01 和居民身份证号码（certno），或改用居民身份证（就诊凭证类型 02）"
UNREADABLE = "本平台没有接入{}的解读服务：" + INSTEAD
NO_NUMBER = "没有居民身份证号码：" + INSTEAD
OTHERS = "{}与同时送来的身份证号码不是同一个人"


class Unread(Exception):
    """Why a certificate gives no number, for the clerk; a reader raises it."""


Reader = Callable[[str, str, str], str]
"""Of kind (01, 03), number or token, and card_sn the identity number. Raises Unread; it may take seconds, no longer."""


def number_of(question: PersonQuestion) -> str | Refused:
    """The identity number, or why there is none."""
    if question.certificate == IDENTITY_CARD and question.certificate_number:
        return question.certificate_number
    beside = question.document_number if question.document in ("", CARD_DOCUMENT) else ""
    if question.certificate not in READABLE:
        return beside or Refused(reason=NO_NUMBER)
    name = READABLE[question.certificate]
    reader = _reader()
    if reader is None or not question.certificate_number:
        return beside or Refused(reason=UNREADABLE.format(name) if reader is None else NO_NUMBER)
    return _read(reader, name, question, beside)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _reader() -> Reader | None:
    if not settings.CERTIFICATE_READER:
        return None
    found: Reader = import_string(settings.CERTIFICATE_READER)
    return found


def _read(reader: Reader, name: str, question: PersonQuestion, beside: str) -> str | Refused:
    try:
        number = reader(question.certificate, question.certificate_number, question.card_serial)
    except Unread as why:
        return Refused(reason=f"{name}：{why}")
    if beside and beside.strip().upper() != number.strip().upper():
        return Refused(reason=OTHERS.format(name))
    return number
