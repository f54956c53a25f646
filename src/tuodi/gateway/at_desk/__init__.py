"""The desk of the national interface on the platform: one selector or service a question, in the hospital's scope.

door       a request's bytes to its response: gate, scope, what is kept of it
credential who may come in, by the platform's credentials and numbers of messages
desk       the questions of the protocol, and `once`
kept       messages and answers, sealed
person     persons by their certificate, entitlements, counts
visit      visits and their fee lines
bill       a visit's unsettled lines as a bill of the settlement room
settling   trial, settlement, cancel, reversal
lost       settlements whose answers were lost on the way
split      how a fee line divides without a catalogue
told       a settlement as an answer tells it
entitlement what relief would do, and has done this year
sign       operators in and out
comparing  rows for reconciliation, applications for clearing, files
"""
