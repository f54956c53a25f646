"""A run: days of treatments for the people given, each settled, all reconciled at the end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from tuodi.gateway.hospital.asked import Asked, Clock, Send, Sign
from tuodi.gateway.hospital.books import Books
from tuodi.gateway.hospital.client import Client
from tuodi.gateway.hospital.course import STAY_HOUR, treat
from tuodi.gateway.hospital.reconcile import reconcile
from tuodi.gateway.hospital.settle import settle
from tuodi.gateway.hospital.told import Told
from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.messages.person import (
    SignIn,
    SignInAnswer,
    SignInMessage,
    SignOut,
    SignOutMessage,
)


def run(asked: Asked, send: Send, sign: Sign, clock: Clock) -> Told:
    """Sends the messages of those days and tells what came of them."""
    chance = Random(asked.seed)
    client = Client(hospital=asked.hospital, send=send, sign=sign, clock=clock, told=Told())
    books = Books()
    _sign_in(client)
    for number in range(asked.days):
        _day(client, books, chance, asked, number)
    if books.rows:
        reconcile(client, books)
    client.done(client.ask("9002", SignOutMessage(signout=SignOut(sign_no=client.sign_number or "0", opter_no="0001"))))
    return client.told


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _sign_in(client: Client) -> None:
    signed = client.output(SignInAnswer, client.ask("9001", SignInMessage(signin=SignIn(opter_no="0001"))))
    client.sign_number = signed.signinoutb.sign_no if signed else ""


def _day(client: Client, books: Books, chance: Random, asked: Asked, number: int) -> None:
    start = datetime.combine(asked.first_day + timedelta(days=number), time(STAY_HOUR), CHINA)
    for _ in range(asked.visits_a_day):
        patient = chance.choice(asked.patients)
        stay = chance.randrange(100) < asked.stays_per_100
        moment = start if stay else start + timedelta(hours=chance.randint(1, 8), minutes=chance.randrange(60))
        treated = treat(client, patient, chance, asked, moment)
        if treated is not None:
            settle(client, books, treated, chance, asked)
