"""An independent, naive calculator for the five cities: what the engine is compared with, to the fen.

It is written from the documents and their readings alone and knows nothing of the policy language or of the engine.
Every event is settled by walking the list of everything settled before it; nothing is accumulated.
"""

from typing import Any

from . import anshan, liaocheng, ningbo, qingdao, yangquan

CITIES = {
    "qingdao-2018-1": qingdao.settle,
    "liaocheng-2022-5": liaocheng.settle,
    "yangquan-2019-45": yangquan.settle,
    "anshan-2019-37": anshan.settle,
    "ningbo-2019-27": ningbo.settle,
}


def settle(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Settle a case of any of the five policies; one result per event, in the order given.

    A result is {"id", "relief", "personal", "refused", "clause", "grounds", "lines": [{"clause", "paid", "basis"}]}.
    Money is a decimal string in yuan; a basis is rounded to the fen for show, and None for a flat amount. `clause` is
    the first ground of a refusal, `grounds` are all of them: which one is named first is a matter of presentation, so
    another program may name any of these.
    """
    return CITIES[case["policy"]](case)
