"""The plain interface: JSON over HTTP with a description that programs read (OpenAPI), for who starts anew.

gate       who asks: a hospital by its signature, a department by its session
words      amounts, days and numbers as they are written in JSON, and the base of what is given and told
findings   what is wrong, in one form, whatever it is
body       a request's bytes to values, within limits
persons    persons at a window, and whether they pay a deposit
bills      trial, settlement, cancel with its preview, a settlement with its whole explanation
comparing  a month's totals and details, compared with the institution's own
statements clearing statements: read, confirmed, objected to
rosters    departments' rosters
api        all of it together
urls       where it is mounted
"""
