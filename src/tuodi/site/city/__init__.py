"""A demonstration city: made-up people, hospitals and accounts, and a month of bills through the gateway.

Nobody in it exists. It goes the ways that a real city goes: services, scopes, messages; there is no other entrance.
"""
