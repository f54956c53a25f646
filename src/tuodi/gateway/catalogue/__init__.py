"""The catalogue of drugs, services and materials (医保目录): what of a fee line is in policy, where no hospital says.

A region imports it; the nearest region's latest one that has begun holds on a day. A line that brings its own parts is
divided by them. Pure are `item` and `reading`; `keeping` writes and looks up.
"""
