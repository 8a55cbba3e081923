"""The demo province: a made-up but plausible Hebei, and the loader that puts it in through the public API.

Everything is generated: `province.make(day)` gives the same agencies, enterprises, people, sites, machines and
applications for the same day. Nobody in it is real, and the numbers are chosen so that nobody can be (`numbers_of`).
"""
