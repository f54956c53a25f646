"""A PostgreSQL server of our own: started, stopped and asked for, out of binaries that pip installed.

It listens on 127.0.0.1 only, asks for a password, and keeps every commit through a power cut. Whether it lives is found
out by signing in, never from a process number. Works for root (under a service account) and for anybody else.
Whatever stands in its way is one finding with its remedy.
"""

from tuodi.site.postgres.answer import Address
from tuodi.site.postgres.home import Home, data_folder, home_in
from tuodi.site.postgres.server import Status, start, status, stop

__all__ = ["Address", "Home", "Status", "data_folder", "home_in", "start", "status", "stop"]
