"""Small tables in the layouts that research on city networks is published in, written for the tests."""

WIDE = """\
"","City","ISO2","C40 Cities","Eurocities"
"1","Paris","FR",1,1
"2","Lyon","FR",0,1
"3","Atlantis","FR",1,NA
"""
WIDE_MAPPING = """\
[row]
city = "City"
country = "ISO2"
key = ["column 1"]

[networks]
"C40 Cities" = "c40"
"Eurocities" = "eurocities"

[values]
scale = "presence"
missing = ["NA"]
"""
LONG = """\
network;member;country;from;to;status
C40;Paris;FR;2005;;full
C40;Lyon;FR;2006-11;2010;left early
Nobody's network;Lyon;FR;;;full
"""
LONG_MAPPING = """\
[row]
city = "member"
country = "country"

[long]
network = "network"
grade = "status"
since = "from"
until = "to"

[values.scale]
full = { member = true, tier = "full" }
"left early" = { member = false }
"""
GRADED = """\
city,country,c40
Paris,FR,6
Lyon,FR,3
Nice,FR,1
Lille,FR,0
"""
GRADED_MAPPING = """\
[row]
city = "city"
country = "country"
[networks]
c40 = "c40"
[values]
scale = "grades"
"""
TOKENS = """\
name,iso,entity_type,initiatives_committed
Paris,FRA,City,C40;;Eurocities
Lyon,FRA,City,Eurocities;C40;Eurocities
"""
TOKENS_MAPPING = """\
[row]
city = "name"
country = "iso"
entity_type = "entity_type"
[long]
network = "initiatives_committed"
separator = ";"
"""
LAYOUTS = {
    "wide": (WIDE, WIDE_MAPPING),
    "long": (LONG, LONG_MAPPING),
    "graded": (GRADED, GRADED_MAPPING),
    "tokens": (TOKENS, TOKENS_MAPPING),
}
