"""The national healthcare-security platform's interface for designated institutions, from the platform's side.

Pure: bytes in, bytes out, no Django and no database. What a message asks is put to a `Desk`; the settlement platform
is one, a test's memory another.

    json_text      JSON to exact values and back: no float, no duplicate key, no half character
    fields         records whose annotations are the field tables: read, checked, written, documented from one place
    envelope       what stands around every message
    codes          the code tables, and how they meet our words
    messages/      one module a family of transactions
    amounts        the settlement's amounts in the message's fields, and the sums that must hold
    upstream       what insurance has paid already, as the message brings it
    reconciling    totals and rows compared, both ways
    files          the ZIP of a TXT, in and out
    behaviour      what may be repeated, cancelled, reversed
    signature      the gateways' signatures
    sealing        SM4 and SM2 around a message
    desk           the questions that the protocol asks, in our words
    dispatch       a request to its answer
    door           body and headers to body and status: what a web server mounts
"""
