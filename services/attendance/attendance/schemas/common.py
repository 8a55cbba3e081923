"""Parts that many requests and replies share."""

# A territory's path: province, city, county, zone; some units stand directly below the province.
AREA = r"[0-9]{2}(\.[0-9]{4,6}){0,3}"
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"
